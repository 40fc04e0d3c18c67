using GreenServe.Simulation.Control;

namespace GreenServe.Tests.Simulation.Control;

public sealed class GridSignalTests
{
    private static readonly GridPoint[] Day = [new(0, 100, 1), new(40, 200, 2), new(70, 300, 3)];

    [Theory]
    [InlineData(0, 100)]
    [InlineData(39.9, 100)]
    [InlineData(40, 200)]
    [InlineData(1000, 300)]
    public void At_HoldsTheValuesOfAPoint_UntilTheNext(double seconds, double expected) =>
        Assert.Equal(expected, new GridSignal(Day).At(seconds).GramsPerKilowattHour);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(139, 100)]
    [InlineData(140, 200)]
    [InlineData(999, 300)]
    public void At_StartsAgain_AfterItsPeriod(double seconds, double expected) =>
        Assert.Equal(expected, new GridSignal(Day, periodSeconds: 100).At(seconds).GramsPerKilowattHour);

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(55)]
    [InlineData(70)]
    [InlineData(250)]
    public void StartingAt_GivesTheSameValuesLater(double start)
    {
        GridSignal day = new(Day, periodSeconds: 100);

        GridSignal later = day.StartingAt(start);

        Assert.All(Enumerable.Range(0, 300), second => Assert.Equal(day.At(start + second), later.At(second) with
        {
            AtSeconds = day.At(start + second).AtSeconds,
        }));
    }

    [Fact]
    public void StartingAt_LeavesOutWhatCameBefore_WhenTheSignalDoesNotRepeat() => Assert.Equal(
        [new GridPoint(0, 200, 2), new GridPoint(25, 300, 3)], new GridSignal(Day).StartingAt(45).Points);

    [Fact]
    public void Signal_IsRefused_WhenItIsOutOfOrderOrOutlastsItsPeriod()
    {
        Assert.Throws<ArgumentException>(() => new GridSignal([]));
        Assert.Throws<ArgumentException>(() => new GridSignal([new GridPoint(1, 100, 1)]));
        Assert.Throws<ArgumentException>(() => new GridSignal([new GridPoint(0, 1, 1), new GridPoint(5, 1, 1), new GridPoint(5, 1, 1)]));
        Assert.Throws<ArgumentException>(() => new GridSignal(Day, periodSeconds: 70));
    }
}
