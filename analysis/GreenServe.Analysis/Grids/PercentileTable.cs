using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Grids;

/// <summary>
/// Percentiles of latencies over repeated runs, found in two ways: of all requests pooled, with a bootstrap interval, and as the mean of
/// each run's own percentile.
/// </summary>
internal static class PercentileTable
{
    private static readonly (double Percentile, Func<LatencySummary, double> Read)[] Percentiles =
    [
        (50, summary => summary.P50Seconds), (90, summary => summary.P90Seconds), (99, summary => summary.P99Seconds),
    ];

    private static readonly (string Name, Func<Latencies, LatencySummary?> Read)[] Latencies =
    [
        ("ttft", latencies => latencies.Ttft), ("tbt", latencies => latencies.Tbt), ("tpot", latencies => latencies.Tpot),
        ("e2e", latencies => latencies.E2e),
    ];

    private static readonly Column<Row>[] Columns =
    [
        StandardColumns.Run.From<Row>(row => row.Series),
        StandardColumns.Evidence.From<Row>(row => row.Evidence),
        new TextColumn("latency").From<Row>(row => row.Latency),
        new NumberColumn("percentile").From<Row>(row => row.Percentile),
        GridColumns.Repetitions.From<Row>(row => row.Repetitions),
        new NumberColumn("values").From<Row>(row => row.Values),
        new NumberColumn("pooled_seconds").From<Row>(row => row.Pooled.Mean),
        new NumberColumn("bootstrap_low_seconds").From<Row>(row => row.Pooled.Low),
        new NumberColumn("bootstrap_high_seconds").From<Row>(row => row.Pooled.High),
        new NumberColumn("mean_seconds").From<Row>(row => row.OfRuns.Mean),
        new NumberColumn("low_seconds").From<Row>(row => row.OfRuns.Low),
        new NumberColumn("high_seconds").From<Row>(row => row.OfRuns.High),
    ];

    /// <summary>The table of some runs; invalid ones are left out.</summary>
    /// <param name="name">Name of the table.</param>
    /// <param name="runs">The runs, repetitions and others.</param>
    public static ResultTable Of(string name, IEnumerable<ExperimentRun> runs) => new Table<Row>(name, Columns)
        .Of(runs.Where(run => run.Metrics.IsValid).GroupBy(RunSeries.NameOf).SelectMany(Rows));

    private static IEnumerable<Row> Rows(IGrouping<string, ExperimentRun> series)
    {
        foreach ((string name, Func<Latencies, LatencySummary?> read) in Latencies)
        {
            LatencySummary[] summaries = [.. series.Select(run => read(run.Metrics.Latencies)).OfType<LatencySummary>()];
            LatencyHistogram[] histograms = [.. summaries.Select(summary => summary.Histogram).OfType<LatencyHistogram>()];
            IReadOnlyList<MeanInterval> pooled = ClusterBootstrap.Percentiles(
                histograms, [.. Percentiles.Select(percentile => percentile.Percentile)]);
            foreach ((MeanInterval ofAll, (double percentile, Func<LatencySummary, double> own)) in pooled.Zip(Percentiles))
            {
                yield return new Row
                {
                    Series = series.Key,
                    Evidence = EnumText.Of(series.First().Metrics.Manifest.Evidence),
                    Latency = name,
                    Percentile = percentile,
                    Repetitions = summaries.Length,
                    Values = summaries.Sum(summary => summary.Count),
                    Pooled = ofAll,
                    OfRuns = MeanInterval.Of([.. summaries.Select(own)])!,
                };
            }
        }
    }

    /// <summary>A row of the table: one percentile of one latency in one series of repetitions.</summary>
    private sealed record Row
    {
        internal required string Series { get; init; }

        internal required string Evidence { get; init; }

        internal required string Latency { get; init; }

        internal required double Percentile { get; init; }

        internal required int Repetitions { get; init; }

        /// <summary>Latencies in all runs together.</summary>
        internal required long Values { get; init; }

        /// <summary>The percentile of all latencies together, with its bootstrap interval (s).</summary>
        internal required MeanInterval Pooled { get; init; }

        /// <summary>The mean of the runs' own percentiles (s).</summary>
        internal required MeanInterval OfRuns { get; init; }
    }
}
