using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Comparison.History;

public sealed class HistoryTrendTests
{
    [Fact]
    public void Drift_IsTheSlopeOfTheLine_WhenTheSeriesIsOne()
    {
        // 100, 101, 102, 103: 1 a label at a mean of 101.5.
        HistoryTrend trend = Trend(100, 101, 102, 103);

        Assert.Equal(1 / 101.5, trend.Drift!.Value.PerLabel, 1e-12);
        Assert.Equal(0, trend.Drift!.Value.HalfWidth, 1e-9);
    }

    [Fact]
    public void Drift_IsNone_WhenThereAreTwoLabels() => Assert.Null(Trend(100, 101).Drift);

    private static HistoryTrend Trend(params double[] means) => new(
        "series",
        MetricCatalog.Of("mean_watts"),
        [.. means.Select((_, index) => $"v{index}")],
        [.. means.Select(mean => new MeanInterval(1, mean, null, null))],
        []);
}
