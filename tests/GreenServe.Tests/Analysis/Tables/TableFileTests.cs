using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Tables;

public sealed class TableFileTests
{
    private static readonly ResultTable Table = SyntheticTable.Of(
        "demo",
        new { evidence = "simulated", model = "a,\"b\"\nc", joules = 0.1 + 0.2 },
        new { evidence = "measured", model = "7", joules = (double?)null });

    [Fact]
    public void Read_GivesBackWhatWasWritten_ToTheLastDigit()
    {
        using TemporaryFolder folder = new();

        TableFile.Write(folder.PathOf("demo.csv"), Table);
        ResultTable read = TableFile.Read(folder.PathOf("demo.csv"));

        Assert.Equal(
            Table.Columns.Select(column => (column.Name, column is TextColumn)),
            read.Columns.Select(column => (column.Name, column is TextColumn)));
        Assert.Equal("a,\"b\"\nc", read.Text(0, "model"));
        Assert.Equal(0.1 + 0.2, read.Number(0, "joules"));
        Assert.Null(read.Number(1, "joules"));

        // A model named like a number stays text.
        Assert.Equal("7", read.Text(1, "model"));
        Assert.Null(read.Number(1, "model"));
    }

    [Fact]
    public void Read_RefusesTheFile_WhenItIsMissing()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TableFile.Read("/nowhere/at/all.csv"));

        Assert.Equal("/nowhere/at/all.csv", exception.Problems[0].File);
    }

    [Fact]
    public void Read_RefusesTheFile_WhenAColumnStandsTwice()
    {
        using TemporaryFolder folder = new();

        Assert.Throws<InvalidInputException>(() => TableFile.Read(folder.Write("twice.csv", "a,a\n1,2\n")));
    }

    [Fact]
    public void Read_NamesEveryRequiredColumn_ThatTheFileLacks()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("old.csv", "a,b\n1,x\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => TableFile.Read(path, [new NumberColumn("a"), new NumberColumn("b"), new TextColumn("c")]));

        Assert.Equal([("b", "text"), ("c", "no such column")], exception.Problems.Select(problem => (problem.Place, problem.Found)));
        Assert.All(exception.Problems, problem => Assert.Equal(path, problem.File));
    }
}
