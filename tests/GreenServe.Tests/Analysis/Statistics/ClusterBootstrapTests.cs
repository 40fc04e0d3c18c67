using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class ClusterBootstrapTests
{
    private static readonly double[] Median = [50];

    [Fact]
    public void Percentiles_SeeTheSpreadBetweenRuns_WhenRunsHaveNone()
    {
        // Inside each run nothing varies, between them everything does.
        LatencyHistogram[] runs = [Run(1, 1000), Run(2, 1000), Run(3, 1000), Run(4, 1000), Run(5, 1000)];

        MeanInterval interval = ClusterBootstrap.Percentiles(runs, Median)[0];

        Assert.Equal(3, interval.Mean, 3 * 0.004);
        Assert.InRange(interval.Low!.Value, 0.99, 2.01);
        Assert.InRange(interval.High!.Value, 3.98, 5.02);
    }

    [Fact]
    public void Percentiles_WeighRunsByTheirRequests_WhenRunsDiffer()
    {
        // 300 of 400 values are 1 s: the median is, whatever the runs' own medians say.
        Assert.Equal(1, ClusterBootstrap.Percentiles([Run(1, 300), Run(9, 100)], Median)[0].Mean, 0.004);
    }

    [Fact]
    public void Percentiles_AreTheSameEveryTime_Always()
    {
        LatencyHistogram[] runs = [Run(1, 5), Run(2, 7), Run(4, 3)];

        Assert.Equal(ClusterBootstrap.Percentiles(runs, Median), ClusterBootstrap.Percentiles(runs, Median));
    }

    [Fact]
    public void Percentiles_HaveNoInterval_WhenThereIsOneRun() =>
        Assert.Null(ClusterBootstrap.Percentiles([Run(1, 3), new LatencyHistogram()], Median)[0].Low);

    [Fact]
    public void Percentiles_AreNone_WhenNothingWasServed() =>
        Assert.Empty(ClusterBootstrap.Percentiles([new LatencyHistogram()], Median));

    [Fact]
    public void Table_HasBothIntervals_ForRepeatedRuns()
    {
        using TemporaryFolder folder = new();
        for (ulong seed = 1; seed <= 3; seed++)
        {
            new SyntheticRun { PrefillSeconds = 0.4 + (0.1 * seed), Seed = seed }.Write(folder.PathOf($"runs/{seed}"));
        }

        ResultTable table = PercentileTable.Of("percentiles", ExperimentRun.ReadAll([folder.PathOf("runs")]));

        // TTFT is the prefill: 0.5, 0.6 and 0.7 s. Half width: t(2, 0.975) x 0.1 / sqrt(3).
        Assert.Equal(("ttft", 50.0, 3.0), (table.Text(0, "latency"), table.Number(0, "percentile"), table.Number(0, "repetitions")));
        Assert.Equal(0.6, table.Number(0, "pooled_seconds")!.Value, 0.6 * 0.004);
        Assert.Equal(0.6, table.Number(0, "mean_seconds")!.Value, 1e-9);
        Assert.Equal(0.6 + (4.302652729911275 * 0.1 / Math.Sqrt(3)), table.Number(0, "high_seconds")!.Value, 1e-6);
        Assert.Equal(0.5, table.Number(0, "bootstrap_low_seconds")!.Value, 0.5 * 0.004);
    }

    private static LatencyHistogram Run(double seconds, long times)
    {
        LatencyHistogram histogram = new();
        histogram.Add(seconds, times);
        return histogram;
    }
}
