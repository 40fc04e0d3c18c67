using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class ErrorRowTests
{
    [Fact]
    public void Of_ComputesMeanBiasPercentileAndWorst()
    {
        PointResult[] results = [.. new[] { 1.1, 0.8, 1.3 }.Select((factor, index) => new PointResult(
            Points.Point($"{index}") with { TbtSeconds = 0.02 }, "vllm-0.11", new Prediction(0.1, 0.02 * factor, 1, 1, 1, 0), null))];

        ErrorRow row = ErrorRow.Of("all", "all points", "validation", PointMetric.Tbt, results)!;

        // Errors +10 %, -20 %, +30 %.
        Assert.Equal(0.2, row.MeanAbsoluteRatio, 1e-12);
        Assert.Equal(0.2 / 3, row.BiasRatio, 1e-12);
        Assert.Equal(0.3, row.AbsoluteRatioP90, 1e-12);
        Assert.Equal(("2", 3), (row.WorstId, row.Points));
        Assert.Null(ErrorRow.Of("all", "all points", "validation", PointMetric.Watts, results));
    }

    [Fact]
    public void Of_CountsAConfigurationOnce_HoweverOftenItWasMeasured()
    {
        MeasuredPoint one = Points.Point("one") with { TbtSeconds = 0.02 };
        PointResult[] results =
        [
            .. Enumerable.Range(0, 9).Select(index => Result(one with { Id = $"{index}" }, 1.1)),
            Result(one with { Id = "other", Model = "llama-2-7b" }, 0.7),
        ];

        ErrorRow row = ErrorRow.Of("all", "all points", "validation", PointMetric.Tbt, results)!;

        // Nine repeats of +10 % and one point of -30 % are two configurations: (10 + 30) / 2 and (10 - 30) / 2.
        Assert.Equal(0.2, row.MeanAbsoluteRatio, 1e-12);
        Assert.Equal(-0.1, row.BiasRatio, 1e-12);
        Assert.Equal(0.3, row.AbsoluteRatioP90, 1e-12);
        Assert.Equal((10, 2, "other"), (row.Points, row.Configurations, row.WorstId));
    }

    private static PointResult Result(MeasuredPoint point, double factor) =>
        new(point, "vllm-0.11", new Prediction(0.1, point.TbtSeconds * factor, 1, 1, 1, 0), null);
}
