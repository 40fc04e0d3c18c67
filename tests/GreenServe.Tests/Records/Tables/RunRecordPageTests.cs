using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

/// <summary>The page about run records names every table and every column, in the order in which they are written.</summary>
public sealed class RunRecordPageTests
{
    [Fact]
    public void Page_ListsTheColumnsOfEveryTable()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "reference", "run-record.md"));

        Assert.All(RecordTable.All, table =>
        {
            string name = $"| `{Path.GetFileNameWithoutExtension(table.File)}` |";
            string row = page.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal));
            Assert.EndsWith(
                $"| {string.Join(", ", table.Columns.Select(column => $"`{column.Name}`"))} |", row, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Page_StatesTheSizeFromWhichOnATableIsParquet()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "reference", "run-record.md"));

        // 2^17 rows.
        Assert.Equal(131_072, RunFiles.LargeTableRows);
        Assert.Contains("Parquet for a table of 131,072 rows or more", page, StringComparison.Ordinal);
    }
}
