using System.ComponentModel.DataAnnotations;

namespace GreenServe.Metering.Recording;

/// <summary>How much a recording may cost.</summary>
public sealed record RecordingOptions
{
    /// <summary>Share of the time that all counters together may spend in their calls, as processor time, in [0.0001, 1]; 0.01 leaves room below 2 % of one core.</summary>
    [Range(0.0001, 1)]
    public double CostBudgetRatio { get; init; } = 0.01;
}
