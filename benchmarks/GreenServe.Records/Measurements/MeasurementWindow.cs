namespace GreenServe.Records.Measurements;

/// <summary>The steady part of a run, over which rates and energy are counted.</summary>
/// <param name="StartSeconds">Beginning of the window (s from the start of the run).</param>
/// <param name="EndSeconds">End of the window (s from the start of the run).</param>
/// <param name="Rule">The rule that chose the window, for example <c>open loop: warm-up end to last arrival</c>.</param>
public sealed record MeasurementWindow(double StartSeconds, double EndSeconds, string Rule)
{
    /// <summary>Length of the window (s).</summary>
    public double LengthSeconds => EndSeconds - StartSeconds;
}
