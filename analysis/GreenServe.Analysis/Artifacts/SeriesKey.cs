using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>What the points of a series have in common.</summary>
/// <param name="Values">Value of each splitting column.</param>
/// <param name="Name">Name in the legend; empty when nothing splits.</param>
/// <param name="Style">Colour and marker.</param>
internal sealed record SeriesKey(IReadOnlyDictionary<string, string?> Values, string Name, SeriesStyle Style)
{
    private const string Evidence = "evidence";

    // What a simulation and a measurement of the same thing may call differently.
    private static readonly string[] HostColumns = [Evidence, "system", "engine"];

    // A reader must know these wherever they differ; the others only where series would share a name.
    private static readonly string[] AlwaysNamed = [Evidence, "model"];

    /// <summary>The columns that say what served.</summary>
    internal static readonly string[] SetupColumns = [Evidence, "model", "precision", "system", "engine"];

    internal bool Matches(ResultTable table, int row) => Values.All(pair => table.Text(row, pair.Key) == pair.Value);

    /// <summary>
    /// Every combination that occurs. Where both evidence kinds do, simulated series are lines and measured ones points, and equal settings
    /// share a colour.
    /// </summary>
    internal static IReadOnlyList<SeriesKey> All(ResultTable table, string[] columns)
    {
        Dictionary<string, string?>[] combinations = [.. Enumerable.Range(0, table.Rows.Count)
            .Select(row => columns.ToDictionary(column => column, column => table.Text(row, column)))
            .DistinctBy(values => Key(values, columns))];
        string[] named = Naming(combinations, columns);
        string[] colored = Coloring(combinations, columns);
        string[] colors = [.. combinations.Select(values => Key(values, colored)).Distinct()];
        bool isOrdered = colored.Length == 1 && colors.Length > 3 && !table.Columns.First(column => column.Name == colored[0]).IsText;
        bool isMixed = columns.Contains(Evidence);
        return [.. combinations.Select(values =>
        {
            int color = Array.IndexOf(colors, Key(values, colored));
            bool isMeasured = isMixed && values[Evidence] == "measured";
            bool isLine = isMixed && !isMeasured && Enumerable.Range(0, table.Rows.Count).Count(row => values.All(pair => table.Text(row, pair.Key) == pair.Value)) > 1;
            return new SeriesKey(
                values,
                string.Join(", ", named.Where(column => values[column] is not null).Select(column => AxisCatalog.Name(column, values[column]!))),
                new SeriesStyle(
                    isOrdered ? Palette.Ordered(color, colors.Length) : Palette.Of(color), color, IsJoined: !isMeasured, HasMarkers: !isLine));
        })];
    }

    /// <summary>
    /// What served in a table: each evidence kind, model, precision, system and engine by itself, so that no front, best point or map mixes them.
    /// One key without values where there is only one.
    /// </summary>
    internal static IReadOnlyList<SeriesKey> Setups(ResultTable table) =>
        All(table, [.. SetupColumns.Where(column => table.Distinct(column).Count > 1)]);

    /// <summary>The columns that say what served, of a row.</summary>
    internal static object?[] SetupOf(ResultTable table, int row) => [.. SetupColumns.Select(column => table.Text(row, column))];

    private static string[] Naming(Dictionary<string, string?>[] combinations, string[] columns)
    {
        List<string> named = [.. AlwaysNamed.Where(columns.Contains)];
        foreach (string column in columns.Except(AlwaysNamed))
        {
            if (Count(combinations, [.. named, column]) > Count(combinations, named))
            {
                named.Add(column);
            }
        }

        return [.. named];
    }

    // Without the evidence and what names its host, if that still tells the series of one evidence kind apart; bars and lines without
    // another difference need a colour each.
    private static string[] Coloring(Dictionary<string, string?>[] combinations, string[] columns)
    {
        string[] setting = [.. columns.Except(HostColumns)];
        string[] place = [.. columns.Where(column => column != Evidence)];
        return setting.Length > 0 && Count(combinations, [.. setting, Evidence]) == combinations.Length && columns.Contains(Evidence) ? setting
            : place.Length > 0 && setting.Length > 0 ? place : columns;
    }

    private static int Count(Dictionary<string, string?>[] combinations, IReadOnlyList<string> columns) =>
        combinations.Select(values => Key(values, columns)).Distinct().Count();

    private static string Key(Dictionary<string, string?> values, IReadOnlyList<string> columns) =>
        string.Join('\u001f', columns.Select(column => values.TryGetValue(column, out string? value) ? value : null));
}
