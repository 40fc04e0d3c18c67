using GreenServe.Records.Documents;

namespace GreenServe.Records.Measurements;

/// <summary>The steady part of a run, over which rates and energy are counted.</summary>
/// <param name="StartSeconds">Beginning of the window (s from the start of the run).</param>
/// <param name="EndSeconds">End of the window (s from the start of the run).</param>
/// <param name="Rule">The rule that chose the window, for example <c>open loop: warm-up end to last arrival</c>.</param>
public sealed record MeasurementWindow(double StartSeconds, double EndSeconds, string Rule) : IChecked
{
    /// <summary>Length of the window (s).</summary>
    public double LengthSeconds => EndSeconds - StartSeconds;

    /// <summary>Whether an instant (s) lies in the window: after its beginning, up to and including its end.</summary>
    /// <remarks>
    /// What ends at an instant, such as the step that made a token, took its time and energy before it. Windows that follow each other then
    /// count everything once.
    /// </remarks>
    public bool Contains(double seconds) => seconds > StartSeconds && seconds <= EndSeconds;

    /// <summary>Length of the part of a stretch of time that lies in the window (s); 0 where none does.</summary>
    /// <param name="fromSeconds">Beginning of the stretch (s).</param>
    /// <param name="toSeconds">End of the stretch (s).</param>
    public double OverlapSeconds(double fromSeconds, double toSeconds) =>
        Math.Max(0, Math.Min(toSeconds, EndSeconds) - Math.Max(fromSeconds, StartSeconds));

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (EndSeconds < StartSeconds)
        {
            yield return new Problem("$.end_seconds", EndSeconds, $"a time at or after start_seconds ({StartSeconds:R})");
        }
    }
}
