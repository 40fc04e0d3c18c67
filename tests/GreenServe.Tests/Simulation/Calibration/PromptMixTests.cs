using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class PromptMixTests
{
    [Fact]
    public void ShapeOf_CountsThePairsOfWholePrompts_HoweverTheyAreCut()
    {
        // Prompts of 100 and 300 tokens: 100²/2 + 300²/2 = 50,000 pairs over 400 tokens.
        PromptMix prompts = PromptMix.Of(new[] { 100, 300 }.Select(tokens => new RequestRecord(
            tokens, "MM", 0, 0, 1, 2, tokens, tokens, 10, 10, RequestStatus.Completed, null)))!.Value;

        StepShape whole = prompts.ShapeOf(new EngineStep(0, 1, 400, 3, 900));

        Assert.Equal(new StepShape(400, 50_000, 2, 2, 3, 900), whole);
        Assert.Equal(12_500, prompts.ShapeOf(new EngineStep(0, 1, 100, 0, 0)).PrefillPairs);
    }

    [Fact]
    public void Of_IsNull_WhenThereAreNoRequests() => Assert.Null(PromptMix.Of([]));

    [Fact]
    public void OnePrompt_TakesTheTokensOfAStep_AsAWholePrompt() =>
        Assert.Equal(new StepShape(100, 5_000, 1, 1, 3, 900), PromptMix.OnePrompt(new EngineStep(0, 1, 100, 3, 900)));
}
