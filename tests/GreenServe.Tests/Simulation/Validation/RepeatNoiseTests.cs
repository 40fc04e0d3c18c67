using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class RepeatNoiseTests
{
    [Fact]
    public void Of_CorrectsForTheNumberOfRepeats()
    {
        RepeatNoise noise = RepeatNoise.Of(
            PointMetric.Tbt, [At("a", 0.010), At("b", 0.010 * Math.Exp(0.2)), At("other", 0.02) with { Model = "llama-2-7b" }])!;

        // Two logarithms, 0.2 apart, lie 0.1 from their mean; times sqrt(2 / 1) that is 0.1414. The third point has no repeat.
        Assert.Equal(0.1 * Math.Sqrt(2), noise.MeanAbsoluteLogRatio, 1e-12);
        Assert.Equal((1, 1), (noise.Configurations, noise.Pairs));
    }

    [Fact]
    public void Of_WeighsEachConfigurationAlike_HoweverOftenItWasMeasured()
    {
        MeasuredPoint[] often = [.. Enumerable.Range(0, 4).Select(index => At($"{index}", 0.01 * Math.Exp(index % 2 == 0 ? 0 : 0.2)))];
        MeasuredPoint[] twice = [.. new[] { "x", "y" }.Select(id => At(id, 0.02) with { Load = "concurrency 8" })];

        RepeatNoise noise = RepeatNoise.Of(PointMetric.Tbt, [.. often, .. twice])!;

        // Four measurements lie 0.1 from their mean, times sqrt(4 / 3); two do not differ. Pairs: 6 + 1.
        Assert.Equal(0.1 * Math.Sqrt(4.0 / 3) / 2, noise.MeanAbsoluteLogRatio, 1e-12);
        Assert.Equal((2, 7), (noise.Configurations, noise.Pairs));
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("source")]
    [InlineData("stack")]
    [InlineData("clock")]
    [InlineData("output")]
    [InlineData("load")]
    public void Of_IsAbsent_WhenNothingWasRepeated(string difference)
    {
        MeasuredPoint one = At("a", 0.01);
        MeasuredPoint other = difference switch
        {
            "gpu" => one with { Id = "b", Gpu = "H200-SXM" },
            "source" => one with { Id = "b", Source = "another @1" },
            "stack" => one with { Id = "b", Stack = "vLLM 2026" },
            "clock" => one with { Id = "b", ClockMegahertz = 1200 },
            "output" => one with { Id = "b", OutputTokens = one.OutputTokens * 1.1 },
            _ => one with { Id = "b", Load = null },
        };

        Assert.Null(RepeatNoise.Of(PointMetric.Tbt, [one, other]));
        Assert.Null(RepeatNoise.Of(PointMetric.Tbt, [one], [one with { Id = "c" }]));
        Assert.Null(RepeatNoise.Of(PointMetric.Watts, [one, one with { Id = "c" }]));
    }

    [Fact]
    public void Of_TakesRunsOfOnePointForRepeats_WhereverTheirLengthsDiffer()
    {
        MeasuredPoint first = At("one_r0", 0.010) with { RepetitionOf = "batch/one", OutputTokens = null };
        MeasuredPoint second = At("one_r1", 0.012) with { RepetitionOf = "batch/one", OutputTokens = null };
        MeasuredPoint third = At("two_r0", 0.030) with { RepetitionOf = "batch/two", OutputTokens = null };

        Assert.Equal(1, RepeatNoise.Of(PointMetric.Tbt, [first, second, third])!.Pairs);
    }

    [Fact]
    public void Of_TakesPublishedMeansOfOneConfiguration_WhoseOutputsDifferByLessThanOnePercent()
    {
        MeasuredPoint first = At("a", 0.010) with { OutputTokens = 920.4 };
        MeasuredPoint second = At("b", 0.012) with { OutputTokens = 917.6 };

        Assert.Equal(1, RepeatNoise.Of(PointMetric.Tbt, [first, second])!.Pairs);
    }

    private static MeasuredPoint At(string id, double tbtSeconds) => Points.Point(id) with { TbtSeconds = tbtSeconds };
}
