using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics.Steps;

/// <summary>Energy up to given instants, from engine steps that all state it. It keeps none of the steps, only the instants.</summary>
/// <remarks>
/// Inside a step energy grows evenly, and between steps it does not grow. Outside the steps nothing is added, unlike
/// <c>EnergyCourse</c> in Records, which carries a counter's course on beyond its readings. The two round differently too, so that
/// sharing the interpolation would change the last digits of published numbers.
/// </remarks>
internal sealed class StepEnergy
{
    private readonly double[] seconds;

    // Energy from the first step up to each instant (J).
    private readonly double[] joules;
    private int next;
    private Point? last;

    /// <summary>The energy at some instants. Every step is then added with <see cref="Add"/>.</summary>
    /// <param name="seconds">The instants (s), in ascending order.</param>
    internal StepEnergy(double[] seconds)
    {
        this.seconds = seconds;
        joules = new double[seconds.Length];
    }

    /// <summary>Where the steps end (s); <c>null</c> before the first is added.</summary>
    internal double? EndSeconds => last?.Seconds;

    /// <summary>The energy at some instants from all steps of a run.</summary>
    /// <param name="steps">Steps in the order of time; each states its energy.</param>
    /// <param name="seconds">The instants (s), in ascending order.</param>
    internal static StepEnergy Of(IEnumerable<EngineStep> steps, double[] seconds)
    {
        StepEnergy energy = new(seconds);
        foreach (EngineStep step in steps)
        {
            energy.Add(step);
        }

        return energy;
    }

    /// <summary>Adds the next step. A step that does not state its energy adds none.</summary>
    internal void Add(in EngineStep step)
    {
        // Rounded starts may lie a nanosecond before the last end; time must not run back.
        double start = Math.Max(last?.Seconds ?? double.NegativeInfinity, step.StartSeconds);
        double sum = last?.Joules ?? 0;
        Reach(new Point(start, sum));
        Reach(new Point(Math.Max(start, step.StartSeconds + step.DurationSeconds), sum + (step.EnergyJoules ?? 0)));
    }

    /// <summary>Energy between two of the instants (J).</summary>
    /// <exception cref="ArgumentException">One of them is not among the instants.</exception>
    internal double Joules(double fromSeconds, double toSeconds) => JoulesUpTo(toSeconds) - JoulesUpTo(fromSeconds);

    private double JoulesUpTo(double time)
    {
        int place = Array.BinarySearch(seconds, time);
        return place < 0 ? throw new ArgumentException($"{time} s is none of the instants", nameof(time))
            : place < next ? joules[place]
            : last?.Joules ?? 0;
    }

    private void Reach(Point point)
    {
        while (next < seconds.Length && seconds[next] <= point.Seconds)
        {
            joules[next] = At(seconds[next], point);
            next++;
        }

        last = point;
    }

    /// <summary>Energy up to an instant that is not later than the next point (J).</summary>
    private double At(double time, Point point)
    {
        if (time == point.Seconds || last is not { } before)
        {
            return point.Joules;
        }

        double share = (time - before.Seconds) / (point.Seconds - before.Seconds);
        return before.Joules + (share * (point.Joules - before.Joules));
    }

    /// <summary>Energy from the first step up to a time (J).</summary>
    private readonly record struct Point(double Seconds, double Joules);
}
