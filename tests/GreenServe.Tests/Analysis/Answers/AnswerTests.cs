using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerTests
{
    [Fact]
    public void Best_IsTheDefault_WhereAnotherSettingTakesTheSame()
    {
        Answer answer = new SyntheticQuestion(GridAxes.MaxBatch).With([16], joules: 2, half: 0.1).With([64], joules: 2, half: 0.1).Answer();

        Assert.Equal("batch limit 64", answer.Best?.Words);
        Assert.Equal("batch limit 16", Assert.Single(answer.Tied!).Words);
    }

    private static SyntheticQuestion Clocks => new(GridAxes.GpuClock);

    [Fact]
    public void Savings_KeepEqualAndFewerGpusApart_WhenTheBestUsesFewer()
    {
        Answer answer = new SyntheticQuestion(GridAxes.TensorParallelism, GridAxes.GpuClock)
            .With([2, 1200], joules: 2, half: 0.1, ("gpus_used", 2))
            .With([2, 1980], joules: 4, half: 0.2, ("gpus_used", 2))
            .With([8, 1200], joules: 5)
            .With([8, 1980], joules: 8, half: 0.4)
            .Answer();

        Assert.Equal("TP 2, 1200 MHz", answer.Best!.Words);
        Assert.Equal("TP 8, 1980 MHz", answer.Default!.Words);
        Assert.Equal("TP 2, 1980 MHz", answer.DefaultOfEqualSize!.Words);

        // 1 - 2/4 and 1 - 2/8. Each half interval is 5 % of its mean: the ratio has sqrt(2) x 5 % of itself.
        Assert.Equal(0.5, answer.SavingAtEqualSize!.Share, tolerance: 1e-12);
        Assert.Equal(0.5 * 0.05 * Math.Sqrt(2), answer.SavingAtEqualSize.HalfWidthRatio!.Value, tolerance: 1e-12);
        Assert.Equal(0.75, answer.SavingWithFewerGpus!.Share, tolerance: 1e-12);
        Assert.Equal(0.25 * 0.05 * Math.Sqrt(2), answer.SavingWithFewerGpus.HalfWidthRatio!.Value, tolerance: 1e-12);
    }

    [Fact]
    public void Best_HasTheLeastEnergyOfAToken_WhateverARequestTakes()
    {
        Answer answer = Clocks
            .With([1200], joules: 2, half: 0.01, ("joules_per_request", 500))
            .With([1980], joules: 3, half: 0.01, ("joules_per_request", 400))
            .Answer();

        Assert.Equal("1200 MHz", answer.Best!.Words);
    }

    [Fact]
    public void Best_IsNoSettingThatBreaksTheSlo()
    {
        Answer answer = Clocks
            .With([800], joules: 1, half: 0.01, ("slo_feasible", 0))
            .With([1200], joules: 2, half: 0.01, ("slo_feasible", 1))
            .With([1500], joules: null, half: null, ("slo_feasible", 1))
            .With([1980], joules: 3, half: 0.01, ("slo_feasible", 1))
            .Answer();

        Assert.Equal("1200 MHz", answer.Best!.Words);
        Assert.Equal(2, answer.Candidates.Count);
        Assert.Equal(
            ["it breaks the SLO", null, "its energy was not measured", null], answer.Settings.Select(setting => setting.NoCandidateReason));
    }

    [Theory]
    [InlineData(2.0, 0.5)]
    [InlineData(9.0, 1.0)]
    public void Probability_IsTheShareOfDraws_WhenSettingsWereRepeated(double other, double expected)
    {
        Answer answer = Clocks.With([1200], joules: 2, half: 0.1).With([1980], joules: other, half: 0.1).Answer();

        // Equal means with equal spread win half of 4,000 draws: a standard error of 0.8 percentage points.
        Assert.Equal(expected, answer.Probability!.Value, tolerance: 0.04);
    }

    [Fact]
    public void Probability_AndTiesAreUnknown_WhenASettingRanOnce()
    {
        Answer answer = Clocks.With([1200], joules: 2, half: 0.1).With([1980], joules: 2, half: null).Answer();

        Assert.Null(answer.Probability);
        Assert.Null(answer.Tied);
        Assert.Null(answer.SavingAtEqualSize!.HalfWidthRatio);
    }

    [Fact]
    public void Tied_NamesTheSettingsWhoseRatioMayBeOne()
    {
        Answer answer = Clocks
            .With([900], joules: 1, half: 0.02)
            .With([1200], joules: 1.02, half: 0.0204)
            .With([1500], joules: 1.004, half: 0)
            .With([1980], joules: 1.2, half: 0.024)
            .Answer();

        // Half intervals of 2 % are 2.8 % of the ratio: 2 % more is within, 20 % is not. Less than 0.5 % is equal in any case.
        Assert.Equal(["1200 MHz", "1500 MHz"], answer.Tied!.Select(setting => setting.Words));
    }

    [Fact]
    public void AllOf_NamesEveryAxis_WhenTheSuiteDoesNotKnowIt()
    {
        IReadOnlyList<Answer> answers = new SyntheticQuestion(
            GridAxes.MaxBatch, SyntheticQuestion.Named("scheduler"), GridAxes.Of("prompt_style"))
        {
            Axes = "max_batch: knob; scheduler: knob; prompt_style: input",
        }
            .With([8, "fifo", 1], joules: 3).With([64, "fair", 1], joules: 2)
            .With([8, "fifo", 2], joules: 5).With([64, "fair", 2], joules: 6).Answers();

        Assert.Equal(["prompt style 1", "prompt style 2"], answers.Select(answer => answer.Inputs));
        Assert.Equal(["test-grid-1", "test-grid-2"], answers.Select(answer => answer.Id));
        Assert.Equal(["batch limit 64, scheduler fair", "batch limit 8, scheduler fifo"], answers.Select(answer => answer.Best!.Words));
        Assert.All(answers, answer => Assert.Equal("batch limit and scheduler", answer.KnobWords));
    }

    [Theory]
    [InlineData("x; y: knob")]
    [InlineData("<script>: input: knob")]
    [InlineData("a, b")]
    public void AllOf_KeepsSettingsApart_WhateverAnAxisIsCalled(string name)
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock, SyntheticQuestion.Named(name))
        {
            Axes = $"gpu_clock_megahertz: knob; {name}: knob",
        }
            .With([1200, "one; two"], joules: 3).With([1200, "<b>"], joules: 2).With([1980, "one; two"], joules: 4)
            .With([1980, "<b>"], joules: 5).Answer();

        Assert.Equal(4, answer.Settings.Count);
        Assert.Equal(4, answer.Settings.Select(setting => setting.Words).Distinct().Count());
        Assert.Contains(name.Replace('_', ' '), answer.Best!.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void AllOf_NeverMixesEvidence()
    {
        IReadOnlyList<Answer> answers = Clocks
            .With([1200], joules: 2).With([1980], joules: 3)
            .With([1200], joules: 5, half: 0.01, ("evidence", "measured")).With([1980], joules: 4, half: 0.01, ("evidence", "measured"))
            .Answers();

        Assert.Equal([("simulated", "1200 MHz"), ("measured", "1980 MHz")],
            answers.Select(answer => (answer.Of(StandardColumns.Evidence)!, answer.Best!.Words)));
        Assert.All(answers, answer => Assert.Equal(2, answer.Settings.Count));
    }

    [Fact]
    public void AllOf_ComparesSubjects_WhereNoKnobVaries()
    {
        Answer answer = new SyntheticQuestion(GridAxes.Model) { Axes = "model: subject" }
            .With(["large"], joules: 4).With(["small"], joules: 2).Answer();

        Assert.Equal("small", answer.Best!.Words);
        Assert.Equal((null, null), (answer.Default, answer.SavingAtEqualSize));
        Assert.Equal("large, small", answer.Of(StandardColumns.Model));
    }

    [Fact]
    public void AllOf_AsksOfEachSubject_WhereAKnobVaries()
    {
        IReadOnlyList<Answer> answers = new SyntheticQuestion(GridAxes.Model, GridAxes.GpuClock)
        {
            Axes = "model: subject; gpu_clock_megahertz: knob",
        }
            .With(["large", 1200], joules: 4).With(["large", 1980], joules: 5)
            .With(["small", 1200], joules: 3).With(["small", 1980], joules: 2).Answers();

        Assert.Equal([("large", "1200 MHz"), ("small", "1980 MHz")],
            answers.Select(answer => (answer.Of(StandardColumns.Model)!, answer.Best!.Words)));
    }

    [Fact]
    public void AllOf_HoldsSystemsTogether_WhereTheyFollowFromAnAxis()
    {
        Answer answer = new SyntheticQuestion(GridAxes.Gpu) { Axes = "gpu: subject; system: follower" }
            .With(["A100"], joules: 4, half: 0.01, ("system", "8 x A100")).With(["H100"], joules: 3).Answer();

        Assert.Equal("H100", answer.Best!.Words);
    }

    [Fact]
    public void AllOf_SaysNothing_WhereThereIsNoChoice()
    {
        SyntheticQuestion lengths = new SyntheticQuestion(GridAxes.InputTokens).With([32], joules: 1).With([512], joules: 2);

        Assert.Empty(lengths.Answers());
        Assert.Empty(Answer.AllOf([SyntheticTable.Of("no-grid", new { joules_per_output_token = 1.0 })]));
    }

    [Fact]
    public void WorkloadChanges_NamesEachPartOnce()
    {
        Answer changed = Clocks
            .With([1200], joules: 8, half: 0.01, ("workload_changes", "requests, arrival.concurrency"))
            .With([1980], joules: 9, half: 0.01, ("workload_changes", "requests, lengths.input"))
            .Answer();

        Assert.Equal("chat with other requests, arrival.concurrency, lengths.input", QuestionText.Workload(changed));

        // How many requests are sent says nothing about what is asked.
        Assert.StartsWith("chat (changed: arrival, lengths) with test-model (bf16) and test-engine", QuestionText.Of(changed));
        Assert.Equal("chat", QuestionText.Workload(Clocks.With([1200], joules: 8).With([1980], joules: 9).Answer()));
    }
}
