using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Advising;

/// <summary>A setting with the numbers of its runs. All of them have one evidence kind.</summary>
public sealed record AdvisedSetting
{
    /// <summary>The setting.</summary>
    public required ServingSetting Setting { get; init; }

    /// <summary>
    /// The setting in words, for example <c>2 x TP 4, 1410 MHz, batch 64, fp8</c>. It names what differs from the defaults.
    /// </summary>
    public required string Words { get; init; }

    /// <summary>Whether the numbers are simulated, measured or estimated.</summary>
    public required EvidenceKind Evidence { get; init; }

    /// <summary>Number of runs, each with a seed of its own.</summary>
    public required int Runs { get; init; }

    /// <summary>Number of requests behind the latencies, over all runs and without those of the warm-up.</summary>
    public required long Requests { get; init; }

    /// <summary>Why the numbers do not count, for example because requests were left unserved; empty where they do.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Whether every limit of the SLO holds, over all runs; <c>null</c> without an SLO.</summary>
    public bool? MeetsSlo { get; init; }

    /// <summary>Energy of an output token (J); <c>null</c> where it was not measured.</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>Lower end of the 95 % interval of <see cref="JoulesPerOutputToken"/> between runs (J); <c>null</c> for one run.</summary>
    public double? LowJoulesPerOutputToken { get; init; }

    /// <summary>Upper end of the 95 % interval of <see cref="JoulesPerOutputToken"/> between runs (J); <c>null</c> for one run.</summary>
    public double? HighJoulesPerOutputToken { get; init; }

    /// <summary>Energy of a request (J); <c>null</c> where it was not measured.</summary>
    public double? JoulesPerRequest { get; init; }

    /// <summary>Mean power of the accelerators that the setting uses (W); <c>null</c> where it was not measured.</summary>
    public double? MeanWatts { get; init; }

    /// <summary>Output tokens per second (tokens/s); <c>null</c> where they are not known.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>Requests per second (requests/s); <c>null</c> where they are not known.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Cost of a million output tokens in <see cref="AdviceDocument.Currency"/>; <c>null</c> where no price was stated.</summary>
    public double? CostPerMillionTokens { get; init; }

    /// <summary>Carbon of a million output tokens (gCO2e); <c>null</c> where no carbon intensity was stated.</summary>
    public double? GramsPerMillionTokens { get; init; }

    /// <summary>What the objective has to be least of, in its own unit; <c>null</c> where it is not known.</summary>
    public double? ObjectiveValue { get; init; }

    /// <summary>Every limit of the SLO with the latency that was found; empty without an SLO.</summary>
    public IReadOnlyList<LimitMargin> Limits { get; init; } = [];

    /// <summary>What the simulated numbers may be off by; <c>null</c> where they are measured.</summary>
    public ErrorBands? ErrorBands { get; init; }

    /// <summary>
    /// Probability that no other setting is better by the objective, in [0, 1]; <c>null</c> where it was not worked out.
    /// </summary>
    public double? LeastProbability { get; init; }

    /// <summary>
    /// Whether the setting is one of several that cannot be told apart from the one with the least, which is itself among them.
    /// </summary>
    public bool IsTied { get; init; }

    /// <summary>Share of the objective above the one recommended; negative where it is below.</summary>
    public double? ExcessRatio { get; init; }

    /// <summary>
    /// What the choice of the number format costs in the quality of the answers, in a sentence; <c>null</c> where it costs none.
    /// </summary>
    public string? QualityNote { get; init; }

    /// <summary>Whether the setting is a candidate: its numbers count, the objective is known, and no limit of the SLO is missed.</summary>
    public bool IsFeasible => Reasons.Count == 0 && MeetsSlo != false && ObjectiveValue is not null;

    /// <summary>Largest latency over its limit, of all limits; <c>null</c> where none was tested.</summary>
    public double? WorstRatio => Limits.Max(limit => limit.Ratio);
}

/// <summary>A limit of the SLO with the latency that was found at its percentile.</summary>
public sealed record LimitMargin
{
    /// <summary>The latency that is limited.</summary>
    public required SloMetric Metric { get; init; }

    /// <summary>The percentile of the limit, above 0, at most 100.</summary>
    public required double Percentile { get; init; }

    /// <summary>Names of the request classes that the limit applies to; <c>null</c> for all.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The limit (s); <c>null</c> for a multiple of the isolated latency.</summary>
    public double? LimitSeconds { get; init; }

    /// <summary>The limit as a multiple of the isolated latency; <c>null</c> for a limit in seconds.</summary>
    public double? IsolatedMultiple { get; init; }

    /// <summary>The latency found (s); <c>null</c> where nothing could be tested, or for a multiple of the isolated latency.</summary>
    public double? FoundSeconds { get; init; }

    /// <summary>
    /// Latency over limit; the limit holds up to 1. <c>null</c> where nothing could be tested, and where a failed request stands at the
    /// percentile: then <see cref="AdvisedSetting.MeetsSlo"/> is <c>false</c>.
    /// </summary>
    public double? Ratio { get; init; }

    /// <summary>Number of requests, or of token gaps for a limit on TBT, that were tested.</summary>
    public long Samples { get; init; }

    /// <summary>Lower end of what the simulator's error band leaves of <see cref="Ratio"/>; <c>null</c> without a band.</summary>
    public double? LowRatio { get; init; }

    /// <summary>Upper end of what the simulator's error band leaves of <see cref="Ratio"/>; <c>null</c> without a band.</summary>
    public double? HighRatio { get; init; }
}
