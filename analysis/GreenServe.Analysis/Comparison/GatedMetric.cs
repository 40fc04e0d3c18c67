using GreenServe.Analysis.Metrics;

namespace GreenServe.Analysis.Comparison;

/// <summary>A metric that is compared, and how large a change matters.</summary>
/// <param name="Metric">The metric; its direction says what is worse.</param>
/// <param name="Threshold">Smallest change that matters: a share of the baseline, or an absolute difference for a share.</param>
/// <param name="IsAbsolute">Whether the threshold and the effect are differences (for shares) instead of ratios.</param>
public sealed record GatedMetric(MetricDefinition Metric, double Threshold, bool IsAbsolute = false)
{
    /// <summary>
    /// What is compared unless told otherwise: energy, throughput and latency, each once. Tails vary more between runs, so a change of
    /// them must be larger to matter.
    /// </summary>
    public static IReadOnlyList<GatedMetric> Default { get; } =
    [
        Of("joules_per_output_token", 0.02),
        Of("joules_per_request", 0.02),
        Of("mean_watts", 0.02),
        Of("output_tokens_per_second", 0.02),
        Of("ttft_p50_seconds", 0.03),
        Of("ttft_p99_seconds", 0.05),
        Of("tpot_mean_seconds", 0.02),
        Of("tbt_p99_seconds", 0.05),
        Of("e2e_p50_seconds", 0.03),
        Of("e2e_p99_seconds", 0.05),
        Of("slo_attainment", 0.01) with { IsAbsolute = true },
    ];

    private static GatedMetric Of(string name, double threshold) => new(MetricCatalog.Of(name), threshold);
}
