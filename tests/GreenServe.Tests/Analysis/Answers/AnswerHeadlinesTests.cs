using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerHeadlinesTests
{
    [Fact]
    public void Of_NamesTheSettingsThatMostQuestionsChoose_WhenThereAreSeveral()
    {
        SyntheticQuestion question = new SyntheticQuestion(GridAxes.Load, GridAxes.GpuClock)
            .With(["low", 800], joules: 1).With(["low", 1200], joules: 2).With(["low", 1980], joules: 4)
            .With(["medium", 800], joules: 3).With(["medium", 1200], joules: 2).With(["medium", 1980], joules: 4)
            .With(["high", 800], joules: 5).With(["high", 1200], joules: 3).With(["high", 1980], joules: 4)
            .With(["peak", 800], joules: null, half: null).With(["peak", 1200], joules: null, half: null);

        AnswerHeadline headline = Assert.Single(AnswerHeadlines.Of(question.Answers()));

        // Savings of 75, 50 and 25 %; the lower median of the three is in the middle.
        Assert.Equal(
            [
                "The setting with the least energy per output token is 1200 MHz for 2 of 4 questions (medium load; high load), "
                    + "800 MHz for 1 (low load).",
                "At equal GPU count the savings against the default run from 25 % (high load) to 75 % (low load).",
                "For 1 question the least lies on the edge of what was tried, so that a value beyond may be better.",
                "For 1 question no setting is an answer (peak load).",
            ],
            headline.Sentences.Take(4));
        Assert.StartsWith(
            "In the middle of the savings stands medium load: 1200 MHz on 8 x H100", headline.Sentences[4], StringComparison.Ordinal);
    }

    [Fact]
    public void First_SpeaksOfTheMostTellingArtifact_OfEachEvidenceKind()
    {
        Answer[] answers =
        [
            .. Answer.AllOf(
            [
                Grid("mine", "simulated").Table(), Grid("slo-heatmap", "simulated").Table(), Grid("other", "measured").Table(),
            ]),
        ];

        Assert.Equal(["simulated", "measured"], AnswerHeadlines.First(answers).Select(headline => headline.Evidence));
        Assert.Equal(["slo-heatmap", "mine", "other"], AnswerHeadlines.Of(answers).Select(headline => headline.Artifact));
    }

    private static SyntheticQuestion Grid(string name, string evidence) => new SyntheticQuestion(GridAxes.GpuClock) { Name = name }
        .With([1200], joules: 2, half: 0.1, ("evidence", evidence)).With([1980], joules: 3, half: 0.1, ("evidence", evidence));
}
