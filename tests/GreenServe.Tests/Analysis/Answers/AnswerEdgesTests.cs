using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerEdgesTests
{
    [Fact]
    public void Of_WarnsOfTheLowestClock() => Assert.Equal(
        [new GridEdge("gpu_clock_megahertz", "800 MHz", IsHighest: false, IsLimit: false)],
        EdgesOf(GridAxes.GpuClock, 800, 800, 1200, 1980));

    [Fact]
    public void Of_DoesNotTakeTheHighestClockForTheDevicesOwn() => Assert.Equal(
        [new GridEdge("gpu_clock_megahertz", "1200 MHz", IsHighest: true, IsLimit: false)], EdgesOf(GridAxes.GpuClock, 1200, 800, 1200));

    [Fact]
    public void Of_FindsNothing_BetweenTheEdgesOrWithOneValue()
    {
        Assert.Empty(EdgesOf(GridAxes.GpuClock, 1200, 800, 1200, 1980));
        Assert.Empty(new SyntheticQuestion(SyntheticQuestion.Named("scheduler")).With(["fair"], joules: 1).With(["fifo"], joules: 2)
            .Answer().Edges);
        Assert.Empty(new SyntheticQuestion(GridAxes.MaxBatch).With([8], joules: 1).With([null], joules: 2).Answer().Edges);
    }

    [Theory]
    [InlineData(8, 8, true)]
    [InlineData(4, 4, false)]
    public void Of_KnowsThatASystemHasNoMoreGpus(int best, int gpusUsed, bool isLimit)
    {
        Answer answer = new SyntheticQuestion(GridAxes.TensorParallelism)
            .With([2], joules: 2, half: 0.01, ("gpus_used", 2)).With([best], joules: 1, half: 0.01, ("gpus_used", gpusUsed)).Answer();

        // The system has 8 GPUs.
        Assert.Equal(new GridEdge("tensor_parallelism", $"TP {best}", IsHighest: true, isLimit), Assert.Single(answer.Edges));
    }

    [Fact]
    public void Of_KnowsThatNothingIsBelowOne()
    {
        Assert.True(Assert.Single(EdgesOf(GridAxes.MaxBatch, 1, 1, 8)).IsLimit);
        Assert.False(Assert.Single(EdgesOf(GridAxes.MaxBatch, 8, 1, 8)).IsLimit);
    }

    [Fact]
    public void Of_NamesTheValueAlone_WhereItsWordsNameTheKnob() => Assert.Equal(
        "64 is the highest batch limit that was tried. A higher one may be better.",
        AdviceWarnings.Edge(Assert.Single(EdgesOf(GridAxes.MaxBatch, 64, 8, 64))));

    private static IReadOnlyList<GridEdge> EdgesOf(GridAxis axis, int best, params int[] tried)
    {
        SyntheticQuestion question = new(axis);
        foreach (int value in tried)
        {
            question.With([value], joules: value == best ? 1 : 2);
        }

        return question.Answer().Edges;
    }
}
