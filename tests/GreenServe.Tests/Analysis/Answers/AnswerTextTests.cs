using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerTextTests
{
    private static readonly (string, object?)[] Two = [("gpus_used", 2)];

    [Fact]
    public void SentencesOf_SayEverythingThatAReaderActsOn()
    {
        Answer answer = new SyntheticQuestion(GridAxes.TensorParallelism, GridAxes.GpuClock, GridAxes.Load)
            .With([2, 1200, "low"], joules: 2, half: 0.1,
            [
                .. Two, ("slo_profile", "made-up"), ("slo_feasible", 1), ("slo_found", "TTFT at P99 181 ms of 250 ms"),
                ("joules_per_request", 100), ("mean_watts", 523.4), ("joules_per_output_token_band_low", 1.6),
                ("joules_per_output_token_band_high", 2.8), ("completed_requests_per_second", 5.23),
            ])
            .With([2, 1980, "low"], joules: 4, half: 0.2, [.. Two, ("slo_profile", "made-up"), ("slo_feasible", 1)])
            .With([8, 1980, "low"], joules: 8, half: 0.4, ("slo_profile", "made-up"), ("slo_feasible", 1))
            .Answer();

        Assert.Equal(
            [
                "Simulated: TP 2, 1200 MHz on 2 of 8 x H100 serves chat (low load) with test-model (bf16) and test-engine within the SLO "
                    + "made-up for 2 J per output token (1.9 to 2.1 between runs), simulator -20 to +40 %, and 100 J per request, "
                    + "at 523 W and 5.23 requests/s.",
                "Latencies of this setting: TTFT at P99 181 ms of 250 ms.",

                // sqrt(2) x 5 % of one half is 3.5 percentage points, and of one quarter 1.8.
                "It saves 50 % (46 to 54 % between runs) of the energy per output token against the default on as many GPUs "
                    + "(TP 2, 1980 MHz).",
                "It saves 75 % (73 to 77 % between runs) of the energy per output token against the default on 8 GPUs (TP 8, 1980 MHz), "
                    + "if the other 6 GPUs are off or serve something else.",
                "The probability that it is the least of the 3 settings that keep the SLO is above 99.9 % by the spread between runs; "
                    + "3,000 requests in 3 runs stand behind these numbers.",
            ],
            AnswerText.SentencesOf(answer));
    }

    [Theory]
    [InlineData(0.26, "Of these, 1980 MHz has the lowest TTFT at P99: 260 ms in place of 300 ms.")]
    [InlineData(0.28, "1 other setting cannot be told apart from it: 1980 MHz.")]
    public void SentencesOf_NameTheQuickestOfTies_WhereItIsClearlyQuicker(double seconds, string last)
    {
        // 0.26 s is less than 0.9 x 0.3 s, and 0.28 s is not.
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([1200], joules: 2, half: 0.5, ("ttft_p99_seconds", 0.3))
            .With([1980], joules: 2.01, half: 0.5, ("ttft_p99_seconds", seconds))
            .Answer();

        Assert.Equal(last, AnswerText.SentencesOf(answer)[^1]);
    }

    [Fact]
    public void SentencesOf_SayThatNothingCanBeTold_WhenSettingsRanOnce()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([1200], joules: 2, half: null, ("ttft_p50_seconds", 0.1), ("ttft_p99_seconds", 0.25)).With([1980], joules: 4, half: null)
            .Answer();

        IReadOnlyList<string> sentences = AnswerText.SentencesOf(answer);

        Assert.Equal("Latencies of this setting: TTFT 100 ms at P50 and 250 ms at P99.", sentences[1]);
        Assert.Equal("It saves 50 % of the energy per output token against the default (1980 MHz).", sentences[2]);
        Assert.StartsWith("How sure it is that no other setting takes less cannot be told", sentences[3], StringComparison.Ordinal);

        // Without an SLO no sentence speaks of one.
        Assert.DoesNotContain("SLO", string.Concat(sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void SentencesOf_SayThatTheDefaultMissesTheSlo()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([1200], joules: 2, half: 0.01, ("slo_feasible", 1)).With([1980], joules: 4, half: 0.01, ("slo_feasible", 0)).Answer();

        IReadOnlyList<string> sentences = AnswerText.SentencesOf(answer);
        Assert.EndsWith("against the default (1980 MHz, which misses the SLO).", sentences[1], StringComparison.Ordinal);
        Assert.StartsWith("It is the only candidate among 2 settings; ", sentences[2], StringComparison.Ordinal);
    }

    [Fact]
    public void SentencesOf_SayWhyThereIsNoDefaultToCompareWith()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([1200], joules: 2)
            .With([1980], joules: null, half: null, ("repetitions", 0), ("invalid", "saturated: the queue grew; saturated: it grew more"))
            .Answer();

        Assert.Contains(
            "The default (1980 MHz) has no number to compare with: no valid run (saturated: the queue grew).",
            AnswerText.SentencesOf(answer));
    }

    [Fact]
    public void SentencesOf_CountTheReasons_WhenNoSettingIsAnAnswer()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([900], joules: 2, half: 0.01, ("slo_feasible", 0)).With([1200], joules: 2, half: 0.01, ("slo_feasible", 0))
            .With([1980], joules: null, half: null, ("repetitions", 0), ("invalid", "saturated: the queue grew"))
            .Answer();

        Assert.Equal(
            ["Simulated: none of 3 settings is an answer for chat with test-model (bf16) and test-engine within its SLO: "
                + "2 break the SLO, 1 have no valid run (saturated)."],
            AnswerText.SentencesOf(answer));
    }

    [Fact]
    public void SentencesOf_CompareSubjects_WithoutADefault()
    {
        Answer answer = new SyntheticQuestion(GridAxes.Model) { Axes = "model: subject" }
            .With(["large"], joules: 8, half: 0).With(["middle"], joules: 4, half: 0).With(["small"], joules: 2, half: 0).Answer();

        IReadOnlyList<string> sentences = AnswerText.SentencesOf(answer);

        Assert.StartsWith(
            "Simulated: small on 8 x H100 serves chat with test-engine for 2 J per output token", sentences[0], StringComparison.Ordinal);
        Assert.Equal(
            "It takes 50 % (50 to 50 % between runs) less energy per output token than middle, which comes next, and 75 % (75 to 75 % "
                + "between runs) less energy per output token than large, which takes the most.",
            sentences[1]);
        Assert.DoesNotContain("default", string.Concat(sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void SentencesOf_SayThatTheDefaultIsTheLeast()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock).With([1200], joules: 4).With([1980], joules: 2).Answer();

        Assert.Contains("It is the default itself: nothing that was tried saves energy.", AnswerText.SentencesOf(answer));
    }
}
