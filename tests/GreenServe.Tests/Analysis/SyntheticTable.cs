using System.Reflection;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis;

/// <summary>Tables written down in tests. A row is an object whose properties are called like the columns.</summary>
internal static class SyntheticTable
{
    /// <summary>A table with the columns that its rows name: text where a row has text, otherwise numbers.</summary>
    internal static ResultTable Of(string name, params object[] rows)
    {
        PropertyInfo[] properties = [.. rows.SelectMany(row => row.GetType().GetProperties()).DistinctBy(property => property.Name)];
        return Fill(
            name,
            [.. properties.Select(property => property.PropertyType == typeof(string)
                ? (Column)new TextColumn(property.Name)
                : new NumberColumn(property.Name))],
            rows);
    }

    /// <summary>The main table of an artifact with every column that it has. What the rows do not name is absent.</summary>
    internal static ResultTable Grid(string artifact, params object[] rows) =>
        Fill(artifact, GridTable.Empty(artifact, ArtifactCatalog.Find(artifact)!.Axes).Columns, rows);

    /// <summary>The main table of an artifact with two simulated rows that have a value in every column.</summary>
    internal static ResultTable FullGrid(Artifact artifact)
    {
        IReadOnlyList<Column> columns = GridTable.Empty(artifact.Name, artifact.Axes).Columns;
        object?[] Row(double number, string text) => [.. columns.Select(column =>
            column is NumberColumn ? number : (object)(column.Equals(StandardColumns.Evidence) ? "simulated" : text))];
        return new ResultTable(artifact.Name, columns, [Row(1, "SS"), Row(2, "LL")]);
    }

    /// <summary>
    /// The main table of an artifact and the tables derived from it, as they are declared: with every column and without a row.
    /// </summary>
    internal static IReadOnlyList<ResultTable> Declared(Artifact artifact)
    {
        ResultTable main = GridTable.Empty(artifact.Name, artifact.Axes);
        return [main, .. artifact.Derive(main), .. artifact.Companions.SelectMany(companion => companion.Derive(main))];
    }

    private static ResultTable Fill(string name, IReadOnlyList<Column> columns, object[] rows)
    {
        string[] unknown = [.. rows.SelectMany(row => row.GetType().GetProperties()).Select(property => property.Name)
            .Where(property => columns.All(column => column.Name != property))];
        return unknown.Length > 0
            ? throw new ArgumentException($"{name} has no column {string.Join(", ", unknown)}.", nameof(rows))
            : new ResultTable(name, columns, rows.Select(row => columns.Select(column => Cell(row, column.Name)).ToArray()));
    }

    private static object? Cell(object row, string column) => row.GetType().GetProperty(column)?.GetValue(row);
}
