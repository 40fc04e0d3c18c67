using GreenServe.Cli.Terminal;
using GreenServe.Metering.Recording;
using GreenServe.Records.Measurements;

namespace GreenServe.Cli.Commands.Meters;

/// <summary>The newest power of every meter and its course over the last minute.</summary>
/// <param name="meters">The meters that are read.</param>
internal sealed class MetersCommandLive(IEnumerable<MeterDescription> meters) : IMeterSink
{
    /// <summary>Number of points in the history of a meter. There is about one a second, so that they cover a minute.</summary>
    private const int Points = 60;

    /// <summary>
    /// Shortest time between two points, and over which the slope of a counter is its power, in seconds. A shorter slope mostly shows when
    /// the counter was refreshed. A little less than a second makes up for readings that come early.
    /// </summary>
    private const double PointSeconds = 0.95;

    private readonly Lock gate = new();
    private readonly List<Track> tracks = [.. meters.Select(meter => new Track(meter))];

    public void Add(PowerSample sample)
    {
        lock (gate)
        {
            tracks.Find(track => track.Meter.Name == sample.Meter)?.Take(sample);
        }
    }

    public void Add(DeviceReading reading)
    {
        // The table shows power; clocks and temperatures are in a run's device.csv.
    }

    /// <summary>Every meter with its newest power in watts (<c>null</c> if it has none yet) and a sparkline of its history.</summary>
    internal IReadOnlyList<(MeterDescription Meter, double? Watts, string Sparkline)> Rows()
    {
        lock (gate)
        {
            return [.. tracks.Select(track => (track.Meter, track.Watts, TerminalSparkline.Of(track.History)))];
        }
    }

    /// <summary>The power; <c>null</c> where the meter stands still, since no device that is switched on draws nothing.</summary>
    private static double? Known(double? watts) => watts > 0 ? watts : null;

    private sealed class Track(MeterDescription meter)
    {
        private (double Seconds, double Joules)? anchor;
        private double? lastPointSeconds;

        internal MeterDescription Meter => meter;

        internal double? Watts { get; private set; }

        internal Queue<double> History { get; } = new();

        internal void Take(PowerSample sample)
        {
            if (sample.CumulativeJoules is { } joules)
            {
                anchor ??= (sample.Seconds, joules);
                if (sample.Seconds - anchor.Value.Seconds < PointSeconds)
                {
                    return;
                }

                Watts = Known((joules - anchor.Value.Joules) / (sample.Seconds - anchor.Value.Seconds));
                anchor = (sample.Seconds, joules);
            }
            else
            {
                Watts = Known(sample.Watts);
            }

            bool isDue = lastPointSeconds is not { } last || sample.Seconds - last >= PointSeconds;
            if (isDue && Watts is { } watts)
            {
                lastPointSeconds = sample.Seconds;
                History.Enqueue(watts);
                if (History.Count > Points)
                {
                    History.Dequeue();
                }
            }
        }
    }
}
