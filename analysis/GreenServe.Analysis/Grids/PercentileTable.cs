using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Grids;

/// <summary>Percentiles of latencies over repeated runs, two ways: of all requests pooled, with a bootstrap interval, and the mean of the runs' own.</summary>
public static class PercentileTable
{
    private static readonly double[] Percentiles = [50, 90, 99];

    private static readonly (string Name, Func<Latencies, LatencySummary?> Read)[] Latencies =
    [
        ("ttft", latencies => latencies.Ttft), ("tbt", latencies => latencies.Tbt), ("tpot", latencies => latencies.Tpot), ("e2e", latencies => latencies.E2e),
    ];

    /// <summary>The table of some runs; invalid ones are left out.</summary>
    /// <param name="name">Name of the table.</param>
    /// <param name="runs">The runs, repetitions and others.</param>
    public static ResultTable Of(string name, IEnumerable<ExperimentRun> runs) => new(
        name,
        [
            new("run", true), new("evidence", true), new("latency", true), new("percentile", false), new("repetitions", false), new("values", false),
            new("pooled_seconds", false), new("bootstrap_low_seconds", false), new("bootstrap_high_seconds", false),
            new("mean_seconds", false), new("low_seconds", false), new("high_seconds", false),
        ],
        [.. runs.Where(run => run.Metrics.IsValid).GroupBy(RunSeries.NameOf).SelectMany(Rows)]);

    private static IEnumerable<object?[]> Rows(IGrouping<string, ExperimentRun> series)
    {
        foreach ((string name, Func<Latencies, LatencySummary?> read) in Latencies)
        {
            LatencySummary[] summaries = [.. series.Select(run => read(run.Metrics.Latencies)).OfType<LatencySummary>()];
            LatencyHistogram[] histograms = [.. summaries.Select(summary => summary.Histogram).OfType<LatencyHistogram>()];
            foreach ((int index, MeanInterval pooled) in ClusterBootstrap.Percentiles(histograms, Percentiles).Index())
            {
                MeanInterval mean = MeanInterval.Of([.. summaries.Select(summary => Own(summary, Percentiles[index]))])!;
                yield return
                [
                    series.Key, EnumText.Of(series.First().Metrics.Manifest.Evidence), name, Percentiles[index], (double)summaries.Length,
                    (double)summaries.Sum(summary => summary.Count), pooled.Mean, pooled.Low, pooled.High, mean.Mean, mean.Low, mean.High,
                ];
            }
        }
    }

    private static double Own(LatencySummary summary, double percentile) => percentile switch
    {
        50 => summary.P50Seconds,
        90 => summary.P90Seconds,
        _ => summary.P99Seconds,
    };
}
