using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>The power of each meter over the last minute, for the lines that a view draws of it.</summary>
internal sealed class LiveHistory
{
    /// <summary>Points of a meter that are kept: with one a second they cover a minute.</summary>
    private const int MaxPoints = 60;

    /// <summary>Shortest time between two points (s). Snapshots come twice a second, and the power is one of a second.</summary>
    private const double PointSeconds = 0.9;

    private readonly Dictionary<string, Queue<double>> watts = [];
    private double lastSeconds = double.NegativeInfinity;

    /// <summary>Takes the power of each meter, if a second has passed. Without meters everything is forgotten.</summary>
    internal void Take(LiveSnapshot snapshot)
    {
        if (snapshot.Meters.Count == 0)
        {
            watts.Clear();
        }

        if (snapshot.ElapsedSeconds - lastSeconds < PointSeconds)
        {
            return;
        }

        lastSeconds = snapshot.ElapsedSeconds;
        foreach (LiveMeter meter in snapshot.Meters)
        {
            if (meter.Watts is not { } value)
            {
                continue;
            }

            if (!watts.TryGetValue(meter.Name, out Queue<double>? course))
            {
                watts[meter.Name] = course = new Queue<double>();
            }

            course.Enqueue(value);
            if (course.Count > MaxPoints)
            {
                course.Dequeue();
            }
        }
    }

    /// <summary>The power of a meter (W), oldest first; empty where there is none.</summary>
    internal IReadOnlyCollection<double> Of(string meter) => watts.TryGetValue(meter, out Queue<double>? course) ? course : [];
}
