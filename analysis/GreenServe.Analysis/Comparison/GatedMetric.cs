using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Comparison;

/// <summary>A metric that is compared, and how large a change of it matters.</summary>
/// <param name="Metric">The metric; its direction says what is worse.</param>
/// <param name="Threshold">Smallest change that matters: a share of the baseline, or a difference for a metric that is a share.</param>
/// <param name="IsAbsolute">Whether threshold and effect are differences, as for a metric that is a share, instead of ratios.</param>
public sealed record GatedMetric(MetricDefinition Metric, double Threshold, bool IsAbsolute = false)
{
    // Means over a window vary by about 1 % between runs, medians and tails by more: a change must be clearly larger than that to matter.
    private const double MeanThreshold = 0.02;
    private const double MedianThreshold = 0.03;
    private const double TailThreshold = 0.05;

    // One percentage point: the difference between keeping 99 % and 98 % of a promise.
    private const double AttainmentThreshold = 0.01;

    /// <summary>The metrics that are compared unless others are asked for: energy, power, throughput, latency and SLO attainment.</summary>
    /// <value>A change matters from 2 % for means, 3 % for medians, 5 % for tails and one percentage point for attainment.</value>
    public static IReadOnlyList<GatedMetric> Default { get; } =
    [
        Of("joules_per_output_token", MeanThreshold),
        Of("joules_per_request", MeanThreshold),
        Of("mean_watts", MeanThreshold),
        Of("output_tokens_per_second", MeanThreshold),
        Of("ttft_p50_seconds", MedianThreshold),
        Of("ttft_p99_seconds", TailThreshold),
        Of("tpot_mean_seconds", MeanThreshold),
        Of("tbt_p99_seconds", TailThreshold),
        Of("e2e_p50_seconds", MedianThreshold),
        Of("e2e_p99_seconds", TailThreshold),
        Of("slo_attainment", AttainmentThreshold) with { IsAbsolute = true },
    ];

    private static GatedMetric Of(string name, double threshold) => new(MetricCatalog.Of(name), threshold);
}
