using GreenServe.Records;
using GreenServe.Records.Grids;

namespace GreenServe.Tests.Records.Grids;

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

        Assert.Equal([new GridPoint(0, 250, -0.01), new GridPoint(900, 0, 0.2, 0.5)], GridFile.Parse(Text, "day.csv").Points);
    }

    [Fact]
    public void Parse_LeavesOutWhatIsNotStated() =>
        Assert.Equal([new GridPoint(0, null, null, 0.7)], GridFile.Parse("seconds,cap_share\n0,0.7\n", "day.csv").Points);

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
        GridFile.Parse("# 3.5\" disks\n\"seconds\",\"cap_share\"\n# 5\"\n\"0\",\"0.5\"\n", "day.csv").Points);

    [Theory]
    [InlineData("", "no seconds and no time")]
    [InlineData("hour,cap_share\n0,1\n", "no seconds and no time")]
    [InlineData("time,seconds,cap_share\n0,0,1\n", "both seconds and time")]
    [InlineData("seconds\n0\n", "seconds alone")]
    [InlineData("seconds,cap_share,cap_share\n0,1,1\n", "cap_share more than once")]
    [InlineData("seconds,carbon\n0,1\n", "carbon")]
    [InlineData("seconds,cap_share\n", "no rows")]
    public void Parse_SaysWhatIsWrong_WhenThereIsNoSignal(string text, string found) => Assert.Contains(
        $"got {found}",
        Assert.Throws<InvalidInputException>(() => GridFile.Parse(text, "day.csv")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Parse_ReadsTimes_AndLeavesEmptyCellsUnknown_WhereGapsAreAllowed()
    {
        GridRows rows = GridFile.Parse(
            "time,grams_per_kilowatt_hour,price_per_kilowatt_hour\n2025-03-30T00:30Z,200,0.1\n2025-03-30T01:00:00Z,,-0.02\n"
                + "2025-03-30T01:30:00+00:00,180,\n",
            "night.csv",
            allowsGaps: true);

        // The clocks of London go from 01:00 to 02:00 in this night. In UTC every half hour is half an hour after the one before.
        Assert.Equal(new DateTimeOffset(2025, 3, 30, 0, 30, 0, TimeSpan.Zero), rows.Start);
        Assert.Equal([new GridPoint(0, 200, 0.1), new GridPoint(1800, null, -0.02), new GridPoint(3600, 180, null)], rows.Points);
    }

    [Fact]
    public void Parse_RefusesTimesThatAreNotUtc_WithTheirLines()
    {
        const string Text = """
            time,grams_per_kilowatt_hour
            2025-03-30T00:00:00Z,200
            2025-03-30 01:00:00,200
            2025-03-30T03:00:00+02:00,200
            2025-03-30T02:00:00,200
            30.03.2025 03:00,200
            2025-03-30T00:00:00Z,200
            2025-03-29T23:00:00Z,200
            2025-03-30T04:00:00Z,
            """;

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => GridFile.Parse(Text, "local.csv"));

        Assert.Equal(
            [(3, "time"), (4, "time"), (5, "time"), (6, "time"), (7, "time"), (8, "time"), (9, "grams_per_kilowatt_hour")],
            exception.Problems.Select(problem => (problem.Line!.Value, problem.Place)));
        Assert.Contains(
            "local.csv:3: time: got '2025-03-30 01:00:00', want a time in UTC such as 2025-03-01T18:00:00Z",
            exception.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "want a time later than the 2025-03-30T00:00:00Z of an earlier row", exception.Message, StringComparison.Ordinal);
    }
}
