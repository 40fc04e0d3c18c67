using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Tables;

public sealed class ResultTableTests
{
    private static readonly NumberColumn Joules = new("joules");
    private static readonly TextColumn Model = new("model");
    private static readonly NumberColumn Misspelt = new("jouls");

    private static readonly ResultTable Table = SyntheticTable.Of(
        "demo", new { model = "7b", joules = 2.5 }, new { model = "13b", joules = (double?)null });

    [Fact]
    public void Indexer_GivesTheCell_OrNullWhereItIsAbsent()
    {
        Assert.Equal([2.5, null], Table.Rows.Select(row => row[Joules]));
        Assert.Equal(["7b", "13b"], Table.Rows.Select(row => row[Model]));
    }

    [Fact]
    public void Indexer_NamesTableColumnAndColumns_WhenThereIsNoSuchColumn()
    {
        ColumnException exception = Assert.Throws<ColumnException>(() => Table.Rows[0][Misspelt]);

        Assert.Equal("The table 'demo' has no column 'jouls'. Its columns are model, joules.", exception.Message);
    }

    [Fact]
    public void Indexer_Throws_WhenNumbersAreReadFromText()
    {
        ColumnException exception = Assert.Throws<ColumnException>(() => Table.Rows[0][new NumberColumn("model")]);

        Assert.Equal("The column 'model' of the table 'demo' holds text where numbers are read.", exception.Message);
    }

    [Fact]
    public void Text_GivesEveryDigit_WhenTheCellIsANumber() => Assert.Equal("2.5", Table.Rows[0].Text(Joules));

    [Fact]
    public void Number_IsNull_WhenTheCellIsText() => Assert.Null(Table.Rows[0].Number(Model));

    [Fact]
    public void Distinct_Throws_WhenThereIsNoSuchColumn_EvenWithoutARow() =>
        Assert.Throws<ColumnException>(() => Table.Where(_ => false).Distinct(Misspelt));

    [Fact]
    public void Require_Throws_WhenThereIsNoSuchColumn_EvenWithoutARow() =>
        Assert.Throws<ColumnException>(() => Table.Where(_ => false).Require(Joules, Misspelt));

    [Fact]
    public void Has_TellsWhetherAnOptionalColumnIsThere()
    {
        Assert.True(Table.Has(Joules));
        Assert.False(Table.Has(Misspelt));
    }

    [Fact]
    public void Constructor_Throws_WhenARowIsTooShort() =>
        Assert.Throws<ArgumentException>(() => new ResultTable("odd", [Joules, Model], [[1.0]]));

    [Fact]
    public void Constructor_Throws_WhenAColumnStandsTwice() =>
        Assert.Throws<ArgumentException>(() => new ResultTable("odd", [Joules, new TextColumn("joules")], []));
}
