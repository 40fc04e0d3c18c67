using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Claims;

/// <summary>One system, engine, model and precision out of those an artifact holds.</summary>
/// <param name="Values">Value of each column that the artifact does not vary itself.</param>
/// <param name="IsOneOfSeveral">Whether the artifact holds others too, so that its rows must be chosen.</param>
internal sealed record ClaimSubject(IReadOnlyDictionary<string, string?> Values, bool IsOneOfSeveral)
{
    private static readonly string[] Columns = ["system", "engine", "model", "precision"];

    /// <summary>In words; <c>null</c> where nothing is known.</summary>
    internal string? Name => Values.Count == 0 ? null : string.Join(", ", Values.Values.OfType<string>());

    /// <summary>The subjects of a claim, in the order of the rows: combinations of the columns that its artifacts do not vary themselves.</summary>
    internal static IReadOnlyList<ClaimSubject> Of(Claim claim, IReadOnlyList<ResultTable> tables)
    {
        ResultTable[] asked = [.. tables.Where(table => claim.Artifacts.Contains(table.Name))];
        string[] splitting = [.. Columns.Where(column => asked.All(table => table.Has(column) && !IsVaried(table.Name, column)))];
        Dictionary<string, string?>[] subjects = [.. asked
            .SelectMany(table => Enumerable.Range(0, table.Rows.Count).Select(row => splitting.ToDictionary(column => column, column => table.Text(row, column))))
            .DistinctBy(values => string.Join('\u001f', values.Values))];
        return subjects.Length == 0
            ? [new ClaimSubject(new Dictionary<string, string?>(), IsOneOfSeveral: false)]
            : [.. subjects.Select(values => new ClaimSubject(values, subjects.Length > 1))];
    }

    // An artifact over GPUs varies the system with them.
    private static bool IsVaried(string artifact, string column) => ArtifactCatalog.Find(artifact) is { } known
        && (known.Axes.Contains(column) || (column == "system" && known.Axes.Contains("gpu")));

    /// <summary>The rows of tables that are about it; a table without a column is about all.</summary>
    internal IReadOnlyList<ResultTable> Part(IReadOnlyList<ResultTable> tables) => !IsOneOfSeveral
        ? tables
        : [.. tables.Select(table => table.Where(row => Values.All(pair => !table.Has(pair.Key) || table.Text(row, pair.Key) == pair.Value)))
            .Where(table => table.Rows.Count > 0)];
}
