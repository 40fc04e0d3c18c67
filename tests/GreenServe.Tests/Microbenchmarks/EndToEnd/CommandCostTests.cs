using GreenServe.Microbenchmarks.EndToEnd;

namespace GreenServe.Tests.Microbenchmarks.EndToEnd;

/// <summary>What several repetitions of a command say together.</summary>
public sealed class CommandCostTests
{
    [Fact]
    public void MedianOf_TakesTheMiddleOfEachNumber()
    {
        CommandCost median = CommandCost.MedianOf([Cost(3, 100), Cost(1, 300), Cost(2, 200)]);

        Assert.Equal((2.0, 200L, 3), (median.WallSeconds, median.PeakBytes, median.Repetitions));
    }

    [Fact]
    public void MedianOf_IsNotMeasured_IfOneRepetitionFailed()
    {
        CommandCost failed = new("run", 10) { NotMeasured = "exit code 3: the disk is full" };

        CommandCost median = CommandCost.MedianOf([Cost(3, 100), failed]);

        Assert.Null(median.WallSeconds);
        Assert.Equal("exit code 3: the disk is full", median.NotMeasured);
    }

    [Fact]
    public void MedianOf_HasNoMemory_IfTheSystemSaysNone() =>
        Assert.Null(CommandCost.MedianOf([Cost(1, null), Cost(2, null)]).PeakBytes);

    [Fact]
    public void ReferenceMultiple_IsProcessorTimeInUnitsOfTheReference() =>
        // 3 s outside the kernel and 1 s in it, where the reference takes 0.5 s.
        Assert.Equal(8, new CommandCost("run", 10) { UserSeconds = 3, SystemSeconds = 1, ReferenceSeconds = 0.5 }.ReferenceMultiple);

    private static CommandCost Cost(double wallSeconds, long? peakBytes) => new("run", 10)
    {
        WallSeconds = wallSeconds,
        UserSeconds = wallSeconds,
        SystemSeconds = 0,
        PeakBytes = peakBytes,
        ReferenceSeconds = 1,
    };
}
