using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Records.Measurements;

public sealed class EngineStretchTests
{
    // Steps of 2, 3 and 4 s use 100, 110 and 120 J and attend to 400, 404 and 408 tokens.
    private static readonly EngineStretch Stretch = new(10, 3, FirstSeconds: 2, PrefillTokens: 0, DecodeSequences: 4, ContextTokens: 400)
    {
        ContextTokenSeconds = 0.25,
        FirstJoules = 100,
        ContextTokenJoules = 2.5,
        PrefillEnergyJoules = 0,
        ClockMegahertz = 1980,
    };

    [Fact]
    public void Step_IsTheSame_InTheStretchAndOnItsOwn()
    {
        EngineStep last = new(15, 4, 0, 4, 408) { EnergyJoules = 120, PrefillEnergyJoules = 0, ClockMegahertz = 1980 };

        Assert.Equal(last, Stretch.Step(2));
        Assert.Equal(last, Stretch.Single(2).Step(0));
        Assert.Equal(1, Stretch.Single(2).Count);
    }

    [Fact]
    public void Step_RoundsItsTimes_ToTheNanosecond()
    {
        EngineStretch third = new(1.0 / 3, 1, 2.0 / 3, 5, 0, 0);

        Assert.Equal((0.333333333, 0.666666667), (third.Step(0).StartSeconds, third.Step(0).DurationSeconds));
        Assert.Equal(1.0 / 3, third.Single(0).StartSeconds);
    }

    [Fact]
    public void Of_IsTheStep()
    {
        EngineStep step = new(1, 0.5, 100, 0, 0) { EnergyJoules = 7, ClockMegahertz = 1500 };

        Assert.Equal(step, EngineStretch.Of(step).Step(0));
        Assert.Null(EngineStretch.Of(new EngineStep(1, 0.5, 100, 0, 0)).StepJoules);
    }
}
