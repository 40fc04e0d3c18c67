using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>
/// What simulated metrics may be off by. The validated metrics are means over a run; bands are for those, for medians, and for what follows
/// from them. Nothing tells the band of a 99th percentile, of a peak or of a part of the energy.
/// </summary>
internal static class MetricBands
{
    internal static ErrorBand? Ttft(RunMetrics run) => run.Manifest.ErrorBands?.Ttft;

    internal static ErrorBand? Tbt(RunMetrics run) => run.Manifest.ErrorBands?.Tbt;

    internal static ErrorBand? Watts(RunMetrics run) => run.Manifest.ErrorBands?.Watts;

    /// <summary>A request has as many tokens simulated as measured, so that this is also the band of a request's energy.</summary>
    internal static ErrorBand? JoulesPerToken(RunMetrics run) => run.Manifest.ErrorBands?.JoulesPerToken;

    /// <summary>In an open loop no more is served than arrives, which the simulation knows.</summary>
    internal static ErrorBand? Throughput(RunMetrics run) => run.Manifest switch
    {
        { ErrorBands.Throughput: { } band, Concurrency: null } => band with { HighFactor = 1 },
        { ErrorBands: { } bands } => bands.Throughput,
        _ => null,
    };

    /// <summary>The wait for the first token and the time of the others, each with its own band and its share of the mean.</summary>
    internal static ErrorBand? E2e(RunMetrics run)
    {
        if (Ttft(run) is not { } first || Tbt(run) is not { } others || run.Latencies is not { E2e: { } whole, Ttft: { } wait })
        {
            return null;
        }

        double share = whole.MeanSeconds > 0 ? Math.Clamp(wait.MeanSeconds / whole.MeanSeconds, 0, 1) : 0;
        return new ErrorBand
        {
            LowFactor = (share * first.LowFactor) + ((1 - share) * others.LowFactor),
            HighFactor = (share * first.HighFactor) + ((1 - share) * others.HighFactor),
            Extrapolated = first.Extrapolated ?? others.Extrapolated,
        };
    }
}
