using GreenServe.Analysis.Formatting;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>Energy and peak power of a window, from engine steps that all state their energy.</summary>
/// <remarks>It takes a single pass and keeps none of the steps, of which a record may have many millions.</remarks>
internal sealed class StepWindow
{
    // Times in files are rounded. A missing step is longer than this, and is noticed.
    private const double SlackSeconds = 1e-3;
    private readonly double fromSeconds;
    private readonly double toSeconds;
    private double? firstSeconds;
    private Point last;
    private double? joulesAtStart;
    private double? joulesAtEnd;

    private StepWindow(double fromSeconds, double toSeconds)
    {
        this.fromSeconds = fromSeconds;
        this.toSeconds = toSeconds;
    }

    /// <summary>Energy in the window (J).</summary>
    internal double Joules => (joulesAtEnd ?? last.Joules) - (joulesAtStart ?? last.Joules);

    /// <summary>Highest mean power of a step that touches the window (W); <c>null</c> if no step does.</summary>
    internal double? PeakWatts { get; private set; }

    /// <summary>The reason why the steps do not give the energy of the window; <c>null</c> if they cover it.</summary>
    internal string? NotMeasuredReason => firstSeconds > fromSeconds + SlackSeconds || last.Seconds < toSeconds - SlackSeconds
        ? $"engine steps from {NumberText.Of(firstSeconds!.Value)} s to {NumberText.Of(last.Seconds)} s do not cover the window "
            + $"from {NumberText.Of(fromSeconds)} s to {NumberText.Of(toSeconds)} s"
        : null;

    /// <summary>Measures a window.</summary>
    /// <param name="steps">Steps in the order of time.</param>
    /// <param name="fromSeconds">Beginning of the window (s).</param>
    /// <param name="toSeconds">End of the window (s).</param>
    /// <returns>The window; <c>null</c> where there is no step, or one does not state its energy.</returns>
    internal static StepWindow? Of(IEnumerable<EngineStep> steps, double fromSeconds, double toSeconds)
    {
        StepWindow window = new(fromSeconds, toSeconds);
        foreach (EngineStep step in steps)
        {
            if (step.EnergyJoules is not { } joules)
            {
                return null;
            }

            window.Add(step, joules);
        }

        return window.firstSeconds is null ? null : window;
    }

    private void Add(in EngineStep step, double joules)
    {
        // Rounded starts may lie a nanosecond before the last end; time must not run back.
        double start = Math.Max(firstSeconds is null ? double.NegativeInfinity : last.Seconds, step.StartSeconds);
        Add(new Point(start, last.Joules));
        Add(new Point(Math.Max(start, step.StartSeconds + step.DurationSeconds), last.Joules + joules));
        if (step.DurationSeconds > 0 && step.StartSeconds < toSeconds && step.StartSeconds + step.DurationSeconds > fromSeconds)
        {
            PeakWatts = Math.Max(PeakWatts ?? 0, joules / step.DurationSeconds);
        }
    }

    private void Add(Point next)
    {
        joulesAtStart ??= At(fromSeconds, next);
        joulesAtEnd ??= At(toSeconds, next);
        firstSeconds ??= next.Seconds;
        last = next;
    }

    /// <summary>Energy from the first step up to a time (J); <c>null</c> if the time lies after the next point.</summary>
    private double? At(double time, Point next)
    {
        if (time > next.Seconds)
        {
            return null;
        }

        if (time == next.Seconds || firstSeconds is null)
        {
            return next.Joules;
        }

        double share = (time - last.Seconds) / (next.Seconds - last.Seconds);
        return last.Joules + (share * (next.Joules - last.Joules));
    }

    /// <summary>Energy from the first step up to a time (J).</summary>
    private readonly record struct Point(double Seconds, double Joules);
}
