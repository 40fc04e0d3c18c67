using GreenServe.Records.Slos;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.PaperArtifacts;

/// <summary>Holds an advice against measured campaigns: the twin alone chooses among points that were measured.</summary>
public sealed class MeasuredChoiceTests
{
    // Limits lie between every two neighbouring points, at their geometric mean, so that another point becomes feasible with each. Points
    // that the twin was fitted to are among the choices: 4 of 7 batches, 2 of 4 models, 1 of 6 of two GPUs and 1 of 4 number formats.
    [Theory]
    [InlineData("h200", "batch-size", 7, 19, 16)]
    [InlineData("h200", "tensor-parallelism", 6, 16, 10)]
    [InlineData("h200", "precision", 4, 10, 10)]
    [InlineData("h200", "model-size", 4, 10, 10)]
    [InlineData("h100", "batch-size", 7, 19, 17)]
    [InlineData("h100", "model-size", 4, 10, 10)]
    public void Choose_TakesTheMeasuredLeast_OrSaysThatTheLimitMayBeMissed(
        string campaign, string experiment, int points, int limits, int met)
    {
        using TemporaryFolder folder = new();
        MeasuredChoices choices = MeasuredChoices.Read(campaign, experiment, folder);

        MeasuredChoice[] chosen =
        [
            choices.Choose(limit: null),
            .. new[] { SloMetric.Ttft, SloMetric.Tbt, SloMetric.E2e }.SelectMany(choices.LimitsBetweenPoints).Select(choices.Choose),
        ];

        Assert.Equal((points, limits), (choices.Count, chosen.Length));
        Assert.All(chosen, choice => Assert.NotNull(choice.Pick));
        Assert.All(chosen.Where(choice => choice.MeetsSlo), choice => Assert.InRange(choice.ExcessRatio!.Value, 0, 0.03));
        Assert.All(chosen.Where(choice => !choice.MeetsSlo), choice => Assert.True(choice.MayMissByItsBand, choice.Pick));
        Assert.InRange(chosen.Count(choice => choice.MeetsSlo), met, limits);
    }
}
