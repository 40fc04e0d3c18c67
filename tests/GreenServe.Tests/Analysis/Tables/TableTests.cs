using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Tables;

public sealed class TableTests
{
    private static readonly Table<Row> Definition = new("demo",
    [
        new TextColumn("model").From<Row>(row => row.Model),
        new NumberColumn("joules").From<Row>(row => row.Joules),
    ]);

    [Fact]
    public void Of_ReadsEveryCellFromItsRow()
    {
        ResultTable table = Definition.Of([new Row("7b", 2.5), new Row(null, null)]);

        Assert.Equal("demo", table.Name);
        Assert.Equal(["model", "joules"], table.Columns.Select(column => column.Name));
        Assert.Equal(["7b", null], table.Rows.Select(row => row.Text(new TextColumn("model"))));
        Assert.Equal([2.5, null], table.Rows.Select(row => row[new NumberColumn("joules")]));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_Throws_WhenANumberIsNotFinite(double number) =>
        Assert.Throws<ColumnException>(() => Definition.Of([new Row("7b", number)]));

    private sealed record Row(string? Model, double? Joules);
}
