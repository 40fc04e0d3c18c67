using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Fixtures;

/// <summary>Reads tables by the names that stand in their files, as other programs do.</summary>
internal static class TableReading
{
    /// <summary>A number of a row; <c>null</c> where it is absent or text.</summary>
    internal static double? Number(this ResultTable table, int row, string column) => table.Rows[row].Number(ColumnOf(table, column));

    /// <summary>A cell of a row as text; <c>null</c> where it is absent.</summary>
    internal static string? Text(this ResultTable table, int row, string column) => table.Rows[row].Text(ColumnOf(table, column));

    /// <summary>The distinct texts of a column.</summary>
    internal static IReadOnlyList<string> Distinct(this ResultTable table, string column) => table.Distinct(ColumnOf(table, column));

    /// <summary>Whether there is such a column.</summary>
    internal static bool Has(this ResultTable table, string column) => table.Find(column) is not null;

    private static Column ColumnOf(ResultTable table, string name) => table.Of(new TextColumn(name));
}
