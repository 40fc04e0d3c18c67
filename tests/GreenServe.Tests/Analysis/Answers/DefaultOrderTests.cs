using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class DefaultOrderTests
{
    [Fact]
    public void Default_TurnsNothing()
    {
        GridAxis scheduler = SyntheticQuestion.Named("scheduler");
        Answer answer = new SyntheticQuestion(GridAxes.Precision, GridAxes.MaxBatch, scheduler)
        {
            Axes = "precision: knob; max_batch: knob; scheduler: knob",
        }
            .With(["fp32", 64, "fifo"], joules: 9).With(["bf16", 8, "fifo"], joules: 8).With(["bf16", 64, "fair"], joules: 7)
            .With(["bf16", 64, "fifo"], joules: 6).With(["int4", 64, "fair"], joules: 5).Answer();

        // Models are published in bf16, engines take the largest batch, and the first value of an axis is where its author begins.
        Assert.Equal("bf16, batch limit 64, scheduler fair", answer.Default!.Words);
        Assert.Equal("int4, batch limit 64, scheduler fair", answer.Best!.Words);
    }

    [Fact]
    public void Default_IsTheUnsetKnob_WhenOneIsNotSet()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock, GridAxes.PowerCap)
            .With([1980, 700], joules: 3).With([null, 700], joules: 4).With([null, 350], joules: 2).Answer();

        Assert.Equal("GPU clock not set, 700 W cap", answer.Default!.Words);
    }

    [Fact]
    public void OfEqualSize_IsTheDefaultOfAll_WhenNobodyKnowsTheGpus()
    {
        Answer answer = new SyntheticQuestion(GridAxes.GpuClock)
            .With([1200], joules: 3, half: 0.01, ("gpus_used", null)).With([1980], joules: 4, half: 0.01, ("gpus_used", null)).Answer();

        Assert.Equal("1980 MHz", answer.DefaultOfEqualSize!.Words);
        Assert.Null(answer.SavingWithFewerGpus);
    }
}
