using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerWarningsTests
{
    [Fact]
    public void Of_SaysNothing_WhenNothingIsWrong()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([900], joules: 4).With([1200], joules: 2).With([1980], joules: 4).Answer();

        Assert.Empty(AnswerWarnings.Of(answer));
    }

    [Fact]
    public void Of_WarnsOfFewRequests_OfTheBand_OfTheEdgeAndOfTheSlo()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([900], joules: 2, half: 0.01, ("requests_measured", 45), ("joules_per_output_token_band_low", 1.4),
                ("joules_per_output_token_band_high", 2.8), ("extrapolated", "energy: no validation"),
                ("slo_at_risk", "TTFT at P99; TBT at P99"), ("slo_feasible", 1))
            .With([1980], joules: 2.5, half: 0.01, ("slo_feasible", 1)).Answer();

        Assert.Equal(
            [
                // 1 - 2/2.5 is less than 40 % above the mean.
                "The simulator's error band (-30 to +40 %) is wider than the saving against the default (20 %). Two settings share most of "
                    + "that error, but only a measurement shows that the saving is real.",
                "Only 45 requests stand behind the latencies. Percentiles of fewer than 1,000 requests say little about the tail: use a "
                    + "longer workload.",
                "The simulator was not validated at this setting. Its error bands there are guesses.",
                "Within the simulator's error band the setting may miss TTFT at P99 and TBT at P99. The band is that of the mean; "
                    + "percentiles may be off by more.",
                "900 MHz is the lowest GPU clock that was tried. A lower one may be better.",
            ],
            AnswerWarnings.Of(answer));
    }

    [Fact]
    public void Of_WarnsOfAnUnlikelyLeast()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([900], joules: 2, half: 0.5).With([1200], joules: 2, half: 0.5).With([1980], joules: 2, half: 0.5).Answer();

        // Three equal settings: one third each.
        Assert.Contains(AnswerWarnings.Of(answer), warning => warning.StartsWith("It is more likely than not", StringComparison.Ordinal));
        Assert.InRange(answer.Probability!.Value, 0.28, 0.39);
    }

    [Fact]
    public void Of_SaysWhatAChoiceMayCostInQuality()
    {
        Answer format = new SyntheticQuestion(GridAxes.Precision) { Axes = "precision: knob" }
            .With(["bf16"], joules: 2).With(["int4"], joules: 1).Answer();
        Answer model = new SyntheticQuestion(GridAxes.Model) { Axes = "model: subject" }
            .With(["large"], joules: 2).With(["small"], joules: 1).Answer();

        Assert.StartsWith("int4 weights may change the answers.", AnswerWarnings.Of(format)[^1], StringComparison.Ordinal);
        Assert.Equal("Models differ in the quality of their answers, which GreenServe does not judge.", AnswerWarnings.Of(model)[^1]);
    }
}
