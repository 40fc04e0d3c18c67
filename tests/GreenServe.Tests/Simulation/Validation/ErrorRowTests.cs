using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class ErrorRowTests
{
    [Fact]
    public void Of_ComputesMeanBiasPercentileAndWorst()
    {
        PointResult[] results = [.. new[] { 1.1, 0.8, 1.3 }.Select((factor, index) => new PointResult(
            Points.Point($"{index}") with { TbtSeconds = 0.02 }, "vllm-2025", new Prediction(0.1, 0.02 * factor, 1, 1, 1, 0), null))];

        ErrorRow row = ErrorRow.Of("all", "all points", "validation", PointMetric.Tbt, results)!;

        // Errors +10 %, -20 %, +30 %.
        Assert.Equal(0.2, row.MeanAbsoluteRatio, 1e-12);
        Assert.Equal(0.2 / 3, row.BiasRatio, 1e-12);
        Assert.Equal(0.3, row.AbsoluteRatioP90, 1e-12);
        Assert.Equal(("2", 3), (row.WorstId, row.Points));
        Assert.Null(ErrorRow.Of("all", "all points", "validation", PointMetric.Watts, results));
    }
}
