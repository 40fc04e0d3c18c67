using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Trust;

public sealed class KnobErrorsTests
{
    [Fact]
    public void Of_TakesWhatThePairsErrorsDiffersBy_NotTheErrorsThemselves()
    {
        KnobErrors errors = KnobErrors.Of(new ValidationReport([At(1, 1.5), At(2, 1.5 * 1.1)]))
            .Single(item => item.Metric == PointMetric.Tbt);

        // Both are off by half; the ratio of their times is off by 10 % alone. One campaign: t = tan(0.4 pi).
        Assert.Equal(("tensor_parallelism", 1, 1), (errors.Knob, errors.Pairs, errors.Campaigns));
        Assert.Equal(Math.Exp(Math.Tan(0.4 * Math.PI) * Math.Sqrt(1.5) * Math.Log(1.1)), errors.Band.HighFactor, 1e-6);
    }

    [Theory]
    [InlineData("lengths")]
    [InlineData("campaign")]
    [InlineData("model")]
    public void Of_HasNoPair_WhereSomethingElseDiffersToo(string difference)
    {
        PointResult other = At(2, 1.1);
        MeasuredPoint point = difference switch
        {
            "lengths" => other.Point with { InputTokens = 4096 },
            "campaign" => other.Point with { Source = "another @1" },
            _ => other.Point with { Model = "llama-2-7b" },
        };

        Assert.Empty(KnobErrors.Of(new ValidationReport([At(1, 1), other with { Point = point }])));
    }

    [Fact]
    public void Of_TellsNothingOfTheClock_FromThePublishedPoints() => Assert.Equal(
        ["concurrent_requests", "precision", "tensor_parallelism"],
        KnobErrors.Of(ShippedValidation.Report).Select(item => item.Knob).Distinct().Order(StringComparer.Ordinal));

    private static PointResult At(int gpus, double measuredOverPredicted) => new(
        Points.Point($"{gpus}") with { TensorParallelism = gpus, TbtSeconds = 0.01 * measuredOverPredicted },
        "vllm-2025",
        new Prediction(0.1, 0.01, 1, 1, 1, 0),
        null)
    {
        Setting = Settings.One with { TensorParallelism = gpus },
    };
}
