using GreenServe.Records.Measurements;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class PublishedStepsTests
{
    [Fact]
    public void Of_CountsStepsWithinTheWindow()
    {
        // Steps of 1 s from 0 s on, each with 4 tokens and 100 J; the window holds those from 2 to 5.
        PublishedSteps steps = PublishedSteps.Of([Decode(0, 8, sequences: 4)], 2, 5, decodesWait: false);

        Assert.Equal((300.0, 12.0, 1.0), (steps.Joules, steps.Tokens, steps.MeanStepSeconds));
        Assert.Equal(12, steps.Gaps.Count);
    }

    [Theory]
    [InlineData(true, 1.5)]
    [InlineData(false, 1.0)]
    public void Of_AddsAStepOfPromptsAlone_ToTheGapAfterIt(bool decodesWait, double mean)
    {
        // Gaps of 1 s, and of 1 + 1 s where sequences waited for the prompt. The prompt before any token delays none.
        PublishedSteps steps = PublishedSteps.Of(
            [Prompt(0), Decode(1, 1, 2), Prompt(2), Decode(3, 1, 2)], 0, double.PositiveInfinity, decodesWait);

        Assert.Equal(mean, steps.MeanStepSeconds!.Value, 1e-12);
        Assert.Equal(400, steps.Joules, 1e-9);
    }

    [Fact]
    public void Of_HasNoGaps_WhereNothingDecodes() => Assert.Null(PublishedSteps.Of([Prompt(0)], 0, 10, decodesWait: true).MeanStepSeconds);

    private static StepStretch Decode(double start, int count, int sequences) => Stretch(start, count, sequences, prefillTokens: 0);

    private static StepStretch Prompt(double start) => Stretch(start, 1, sequences: 0, prefillTokens: 100);

    private static StepStretch Stretch(double start, int count, int sequences, int prefillTokens) => new()
    {
        Replica = 0,
        StartSeconds = start,
        Count = count,
        StepSeconds = new ArithmeticProgression(1, 0),
        StepJoules = new ArithmeticProgression(100, 0),
        ClockMegahertz = 1980,
        WaitingRequests = 0,
        Work = StretchWork.Of(prefillTokens, sequences, 100, default),
    };
}
