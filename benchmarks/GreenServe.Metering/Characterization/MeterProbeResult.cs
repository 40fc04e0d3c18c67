using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Characterization;

/// <summary>What looking at a meter showed.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Watts">Power now, a counter's mean over the probe (W); <c>null</c> if it could not be told.</param>
/// <param name="RefreshSeconds">Median refresh period (s); <c>null</c> if too few refreshes were seen.</param>
/// <param name="Cost">What its source's calls cost; <c>null</c> if there was none.</param>
/// <param name="Problem">What is wrong with it; <c>null</c> if nothing is.</param>
public sealed record MeterProbeResult(MeterDescription Meter, double? Watts, double? RefreshSeconds, CallStatistics? Cost, string? Problem)
{
    /// <summary>Shortest distance of refreshes seen (s); <c>null</c> if none was.</summary>
    public double? ShortestRefreshSeconds { get; init; }

    /// <summary>Longest distance of refreshes seen (s); <c>null</c> if none was.</summary>
    public double? LongestRefreshSeconds { get; init; }
}
