using GreenServe.Records;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Grids;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Grids;

public sealed class GridCatalogTests
{
    [Fact]
    public void Find_ReadsADayByItsName_InAnyCase()
    {
        IReadOnlyList<GridPoint> day = GridCatalog.Find("California-2018-Day");

        // A clean noon and a dirty evening, and a price whose mean over the day is CAISO's 46.05 USD/MWh.
        Assert.Equal(24, day.Count);
        Assert.Equal(12, day.MinBy(point => point.GramsPerKilowattHour).AtSeconds / 3600);
        Assert.Equal(20, day.MaxBy(point => point.GramsPerKilowattHour).AtSeconds / 3600);
        Assert.Equal(0.04605, day.Average(point => point.PricePerKilowattHour!.Value), tolerance: 1e-4);
    }

    [Fact]
    public void Find_ReadsEveryDayThatTheSuiteComesWith()
    {
        Assert.Equal(["california-2018-day", "california-solar-day", "cap-day", "great-britain-2018-day"], GridCatalog.Names);
        Assert.All(GridCatalog.Names, name => Assert.True(GridCatalog.Find(name)[^1].AtSeconds < 86_400));
        Assert.Equal(0.41, GridCatalog.Find("cap-day").Min(point => point.CapShare));
    }

    [Fact]
    public void Find_RefusesAFileWithAGap()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("gap.csv", "time,grams_per_kilowatt_hour\n2025-01-01T00:00Z,1\n2025-01-01T01:00Z,\n");

        // A policy that reads the signal needs a value at every time.
        Assert.Contains(
            "gap.csv:3: grams_per_kilowatt_hour: got nothing",
            Assert.Throws<InvalidInputException>(() => GridCatalog.Find(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ReadsAFile_AndNamesTheDays_WhenThereIsNone()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("mine.csv", "seconds,price_per_kilowatt_hour\n0,0.1\n");

        Assert.Equal(0.1, Assert.Single(GridCatalog.Find(path)).PricePerKilowattHour);
        Assert.Contains("cap-day", Assert.Throws<InvalidInputException>(() => GridCatalog.Find("mars")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => GridCatalog.Find(folder.PathOf("none.csv")));
    }
}
