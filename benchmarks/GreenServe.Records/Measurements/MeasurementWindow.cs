namespace GreenServe.Records.Measurements;

/// <summary>The steady part of a run, over which rates and energy are counted. Offsets from the start of the run.</summary>
/// <param name="StartSeconds">Its beginning.</param>
/// <param name="EndSeconds">Its end.</param>
/// <param name="Rule">How it was chosen, for example <c>open loop: warm-up end to last arrival</c>.</param>
public sealed record MeasurementWindow(double StartSeconds, double EndSeconds, string Rule)
{
    /// <summary>Length (s).</summary>
    public double LengthSeconds => EndSeconds - StartSeconds;
}
