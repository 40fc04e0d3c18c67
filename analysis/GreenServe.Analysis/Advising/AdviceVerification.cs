using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Advising;

/// <summary>What a real server said of an advice.</summary>
public sealed record AdviceVerification
{
    /// <summary>The finalists as they were measured, by rising objective.</summary>
    public required IReadOnlyList<VerifiedSetting> Settings { get; init; }

    /// <summary>
    /// Whether the recommended setting is the least of those measured, or cannot be told apart from it; <c>null</c> if unknown.
    /// </summary>
    public bool? Stood { get; init; }

    /// <summary>The finding in a sentence.</summary>
    public required string Finding { get; init; }

    /// <summary>Finalists that were not measured, each with the reason.</summary>
    public IReadOnlyList<string> NotMeasured { get; init; } = [];

    /// <summary>
    /// Folder of the twin that was fitted to these runs, from the folder of the advice; <c>null</c> where none was asked for, or none could
    /// be fitted.
    /// </summary>
    public string? TwinFolder { get; init; }

    /// <summary>Why no twin could be fitted to these runs; <c>null</c> where none was asked for, or one was fitted.</summary>
    public string? NoTwinReason { get; init; }
}

/// <summary>A finalist as it was predicted and as it was measured.</summary>
/// <param name="Predicted">The simulated numbers.</param>
/// <param name="Measured">The measured numbers.</param>
/// <param name="Record">Folder of the run records, from the folder of the advice.</param>
/// <param name="JoulesErrorRatio">Measured over predicted energy of an output token, minus 1; <c>null</c> where one is not known.</param>
/// <param name="IsWithinBand">Whether the measured energy lies within the band of the prediction; <c>null</c> without a band.</param>
public sealed record VerifiedSetting(
    AdvisedSetting Predicted, AdvisedSetting Measured, string Record, double? JoulesErrorRatio, bool? IsWithinBand)
{
    /// <summary>How far each latency that the SLO limits is from the prediction; empty without an SLO.</summary>
    public IReadOnlyList<LatencyError> LatencyErrors { get; init; } = [];
}

/// <summary>How far a latency that an SLO limits is from its prediction.</summary>
/// <param name="Metric">The latency.</param>
/// <param name="Percentile">The percentile of the limit.</param>
/// <param name="Classes">Names of the request classes that the limit applies to; <c>null</c> for all.</param>
/// <param name="ErrorRatio">Measured over predicted latency, minus 1; <c>null</c> where one is not known.</param>
/// <param name="IsWithinBand">Whether the measured latency lies within the band of the prediction; <c>null</c> without a band.</param>
public sealed record LatencyError(
    SloMetric Metric, double Percentile, IReadOnlyList<string>? Classes, double? ErrorRatio, bool? IsWithinBand);
