using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Claims;

/// <summary>One system, engine, model and precision among those in an artifact.</summary>
/// <param name="Values">Value of each column that the artifact does not vary itself.</param>
/// <param name="IsOneOfSeveral">Whether the artifact holds others too, so that its rows must be chosen.</param>
internal sealed record ClaimSubject(IReadOnlyDictionary<TextColumn, string?> Values, bool IsOneOfSeveral)
{
    private static readonly TextColumn[] Columns =
        [StandardColumns.System, StandardColumns.Engine, StandardColumns.Model, StandardColumns.Precision];

    /// <summary>Name of the subject in words; <c>null</c> where nothing is known about it.</summary>
    internal string? Name => Values.Count == 0 ? null : string.Join(", ", Values.Values.OfType<string>());

    /// <summary>
    /// The subjects of a claim, in the order of the rows: the combinations of the columns that its artifacts do not vary themselves.
    /// </summary>
    internal static IReadOnlyList<ClaimSubject> Of(Claim claim, IReadOnlyList<ResultTable> tables)
    {
        ResultTable[] asked = [.. tables.Where(table => claim.Artifacts.Contains(table.Name))];
        TextColumn[] splitting = [.. Columns.Where(column => asked.All(table => table.Has(column) && !IsVaried(table.Name, column)))];
        Dictionary<TextColumn, string?>[] subjects = [.. asked
            .SelectMany(table => table.Rows.Select(row => splitting.ToDictionary(column => column, column => row[column])))
            .DistinctBy(values => string.Join('\u001f', values.Values))];
        return subjects.Length == 0
            ? [new ClaimSubject(new Dictionary<TextColumn, string?>(), IsOneOfSeveral: false)]
            : [.. subjects.Select(values => new ClaimSubject(values, subjects.Length > 1))];
    }

    /// <summary>The rows of tables that are about it. A table without one of the columns is about every value of it.</summary>
    internal IReadOnlyList<ResultTable> Part(IReadOnlyList<ResultTable> tables) =>
        !IsOneOfSeveral ? tables : [.. tables.Select(Part).Where(table => table.Rows.Count > 0)];

    private ResultTable Part(ResultTable table)
    {
        KeyValuePair<TextColumn, string?>[] known = [.. Values.Where(pair => table.Has(pair.Key))];
        return table.Where(row => known.All(pair => row[pair.Key] == pair.Value));
    }

    // An artifact over GPUs or clusters varies the system with them.
    private static bool IsVaried(string artifact, TextColumn column) => ArtifactCatalog.Find(artifact) is { } known
        && (known.Axes.Any(axis => axis.Equals(column))
            || (column.Equals(StandardColumns.System)
                && (known.Axes.Contains(GridAxes.Gpu) || known.Axes.Contains(GridAxes.Cluster))));
}
