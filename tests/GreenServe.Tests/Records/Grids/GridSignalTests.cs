using GreenServe.Records.Grids;

namespace GreenServe.Tests.Records.Grids;

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

    [Fact]
    public void Between_SplitsWhereTheSignalChanges_AndAcrossPeriods()
    {
        GridSignal day = new(Day, periodSeconds: 100);

        // From 60 s to 150 s: the second value until 70 s, the third until 100 s, then the first and the second of the next period.
        Assert.Equal(
            [(60, 70, 200), (70, 100, 300), (100, 140, 100), (140, 150, 200)],
            day.Between(60, 150).Select(part => (part.FromSeconds, part.ToSeconds, part.Values.GramsPerKilowattHour!.Value)));
        Assert.Equal([(80, 1000)], new GridSignal(Day).Between(80, 1000).Select(part => (part.FromSeconds, part.ToSeconds)));
        Assert.Equal([(40, 50)], day.Between(40, 50).Select(part => (part.FromSeconds, part.ToSeconds)));
        Assert.Empty(day.Between(50, 50));
    }
}
