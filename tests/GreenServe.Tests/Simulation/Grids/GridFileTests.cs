using GreenServe.Records;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Grids;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Grids;

public sealed class GridFileTests
{
    [Fact]
    public void Parse_ReadsEveryColumn_InAnyOrder()
    {
        const string Text = """
            # a remark, with commas
            cap_share,seconds,price_per_kilowatt_hour,grams_per_kilowatt_hour
            1,0,-0.01,250
            0.5,900,0.2,0
            """;

        Assert.Equal([new GridPoint(0, 250, -0.01), new GridPoint(900, 0, 0.2, 0.5)], GridFile.Parse(Text, "day.csv"));
    }

    [Fact]
    public void Parse_LeavesOutWhatIsNotStated() =>
        Assert.Equal([new GridPoint(0, null, null, 0.7)], GridFile.Parse("seconds,cap_share\n0,0.7\n", "day.csv"));

    [Fact]
    public void Parse_ReportsEveryProblemWithItsLine()
    {
        const string Text = """
            # a remark
            seconds,grams_per_kilowatt_hour,cap_share
            10,100,1
            5,100,1
            20,,1
            30,-1,0
            40,NaN,1.1
            -1,100,1
            50,100
            60,dirty,1
            60,100,1
            """;

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => GridFile.Parse(Text, "day.csv"));

        // Line 3 does not begin at 0 s, line 4 goes back, line 5 has a gap, lines 6 and 7 are out of range in both columns, and so on.
        Assert.Equal(
            [
                (3, "seconds"), (4, "seconds"), (5, "grams_per_kilowatt_hour"), (6, "grams_per_kilowatt_hour"), (6, "cap_share"),
                (7, "grams_per_kilowatt_hour"), (7, "cap_share"), (8, "seconds"), (9, "row"), (10, "grams_per_kilowatt_hour"),
                (11, "seconds"),
            ],
            exception.Problems.Select(problem => (problem.Line!.Value, problem.Place)));
        Assert.Contains(
            "day.csv:5: grams_per_kilowatt_hour: got nothing, want a number from 0 to 1000000",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,1\n1.5,0.5\n", "1.5")]
    [InlineData("0,1\n900,\"5\n", "a quote that is not closed")]
    [InlineData("0,1\n900,\"0.5\n1800,0.4\n2700,0.3\n", "a quote that is not closed")]
    public void Parse_RefusesPartsOfSeconds_AndQuotesThatAreNotClosed(string rows, string found)
    {
        string message = Assert.Throws<InvalidInputException>(() => GridFile.Parse("seconds,cap_share\n" + rows, "day.csv")).Message;

        Assert.Contains($"got {found}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TakesQuotedCells_AndQuotesInRemarks() => Assert.Equal(
        [new GridPoint(0, null, null, 0.5)],
        GridFile.Parse("# 3.5\" disks\n\"seconds\",\"cap_share\"\n# 5\"\n\"0\",\"0.5\"\n", "day.csv"));

    [Theory]
    [InlineData("", "no seconds")]
    [InlineData("time,cap_share\n0,1\n", "no seconds")]
    [InlineData("seconds\n0\n", "seconds alone")]
    [InlineData("seconds,cap_share,cap_share\n0,1,1\n", "cap_share more than once")]
    [InlineData("seconds,carbon\n0,1\n", "carbon")]
    [InlineData("seconds,cap_share\n", "no rows")]
    public void Parse_SaysWhatIsWrong_WhenThereIsNoSignal(string text, string found) => Assert.Contains(
        $"got {found}",
        Assert.Throws<InvalidInputException>(() => GridFile.Parse(text, "day.csv")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Find_ReadsADayByItsName_InAnyCase()
    {
        IReadOnlyList<GridPoint> day = GridFile.Find("California-2018-Day");

        // A clean noon and a dirty evening, and a price whose mean over the day is CAISO's 46.05 USD/MWh.
        Assert.Equal(24, day.Count);
        Assert.Equal(12, day.MinBy(point => point.GramsPerKilowattHour).AtSeconds / 3600);
        Assert.Equal(20, day.MaxBy(point => point.GramsPerKilowattHour).AtSeconds / 3600);
        Assert.Equal(0.04605, day.Average(point => point.PricePerKilowattHour!.Value), tolerance: 1e-4);
    }

    [Fact]
    public void Find_ReadsEveryDayThatTheSuiteComesWith()
    {
        Assert.Equal(["california-2018-day", "california-solar-day", "cap-day", "great-britain-2018-day"], GridFile.Names);
        Assert.All(GridFile.Names, name => Assert.True(GridFile.Find(name)[^1].AtSeconds < 86_400));
        Assert.Equal(0.41, GridFile.Find("cap-day").Min(point => point.CapShare));
    }

    [Fact]
    public void Find_ReadsAFile_AndNamesTheDays_WhenThereIsNone()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("mine.csv", "seconds,price_per_kilowatt_hour\n0,0.1\n");

        Assert.Equal(0.1, Assert.Single(GridFile.Find(path)).PricePerKilowattHour);
        Assert.Contains("cap-day", Assert.Throws<InvalidInputException>(() => GridFile.Find("mars")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => GridFile.Find(folder.PathOf("none.csv")));
    }
}
