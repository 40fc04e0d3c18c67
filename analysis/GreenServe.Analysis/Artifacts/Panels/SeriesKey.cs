using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>The values that all points of a series have in common.</summary>
/// <param name="Values">Value of each splitting column.</param>
/// <param name="Name">Name in the legend; empty when nothing splits.</param>
/// <param name="Style">Colour and marker.</param>
internal sealed record SeriesKey(IReadOnlyDictionary<Column, string?> Values, string Name, SeriesStyle Style)
{
    // Names of systems and models are shorter; a longer one would leave no room for the panels.
    private const int MaxNameLetters = 80;

    // Fewer colours than this are told apart better by hue than by order.
    private const int MinOrderedColors = 4;

    // A simulation and a measurement of the same thing may have different values here.
    private static readonly Column[] HostColumns = [StandardColumns.Evidence, StandardColumns.System, StandardColumns.Engine];

    // A reader must know these wherever they differ; the others only where series would share a name.
    private static readonly Column[] AlwaysNamed = [StandardColumns.Evidence, StandardColumns.Model];

    private static readonly string Simulated = EnumText.Of(EvidenceKind.Simulated);

    /// <summary>The columns that say what served.</summary>
    internal static IReadOnlyList<TextColumn> SetupColumns { get; } =
    [
        StandardColumns.Evidence, StandardColumns.Model, StandardColumns.Precision, StandardColumns.System, StandardColumns.Engine,
    ];

    internal bool Matches(TableRow row) => Values.All(pair => row.Text(pair.Key) == pair.Value);

    /// <summary>
    /// Every combination that occurs. Where several evidence kinds occur, simulated series are lines and the others points, and equal
    /// settings share a colour.
    /// </summary>
    internal static IReadOnlyList<SeriesKey> All(ResultTable table, IReadOnlyList<Column> columns)
    {
        Dictionary<Column, string?>[] combinations = [.. table.Rows
            .Select(row => columns.ToDictionary(column => column, row.Text)).DistinctBy(values => Key(values, columns))];
        Column[] named = Naming(combinations, columns);
        Column[] colored = Coloring(combinations, columns);
        string[] colors = [.. combinations.Select(values => Key(values, colored)).Distinct()];
        bool isOrdered = colored.Length == 1 && colors.Length >= MinOrderedColors && table.Of(colored[0]) is NumberColumn;
        bool isMixed = columns.Contains(StandardColumns.Evidence);
        return [.. combinations.Select(values =>
        {
            int color = Array.IndexOf(colors, Key(values, colored));
            bool isMeasured = isMixed && values[StandardColumns.Evidence] != Simulated;
            bool isLine = isMixed && !isMeasured && table.Rows.Count(row => values.All(pair => row.Text(pair.Key) == pair.Value)) > 1;
            return new SeriesKey(
                values,
                string.Join(", ", named.Where(column => values[column] is not null)
                    .Select(column => NameOf(column, values[column]!))),
                new SeriesStyle(
                    isOrdered ? Palette.Ordered(color, colors.Length) : Palette.Of(color),
                    color,
                    IsJoined: !isMeasured,
                    HasMarkers: !isLine));
        })];
    }

    /// <summary>
    /// The setups that a table holds: each combination of evidence kind, model, precision, system and engine. Treating them
    /// separately prevents a front, best point or map that mixes them. Where there is only one setup, its key has no values.
    /// </summary>
    internal static IReadOnlyList<SeriesKey> Setups(ResultTable table) =>
        All(table, [.. SetupColumns.Where(column => table.Distinct(column).Count > 1)]);

    // A value of an axis that the suite does not know stands after the name of the axis: alone it would be a bare number.
    private static string NameOf(Column column, string value)
    {
        string name = column is TextColumn && StandardColumns.All.Contains(column)
            ? GridAxes.Of(column).NameOf(value)
            : GridAxes.Of(column).InWords(value);

        // A figure cannot hold control signs and halves of letters.
        return name.Length > MaxNameLetters || name.Any(letter => char.IsControl(letter) || char.IsSurrogate(letter))
            ? ShownText.OneLine(name, MaxNameLetters)
            : name;
    }

    private static Column[] Naming(Dictionary<Column, string?>[] combinations, IReadOnlyList<Column> columns)
    {
        List<Column> named = [.. AlwaysNamed.Where(columns.Contains)];
        foreach (Column column in columns.Except(AlwaysNamed))
        {
            if (Count(combinations, [.. named, column]) > Count(combinations, named))
            {
                named.Add(column);
            }
        }

        return [.. named];
    }

    // Without the evidence and what names its host, if that still tells the series of one evidence kind apart. Bars and lines without
    // another difference need a colour each.
    private static Column[] Coloring(Dictionary<Column, string?>[] combinations, IReadOnlyList<Column> columns)
    {
        Column[] setting = [.. columns.Except(HostColumns)];
        Column[] place = [.. columns.Where(column => !column.Equals(StandardColumns.Evidence))];
        bool isMixed = columns.Contains(StandardColumns.Evidence);
        return setting.Length > 0 && isMixed && Count(combinations, [.. setting, StandardColumns.Evidence]) == combinations.Length ? setting
            : place.Length > 0 && setting.Length > 0 ? place
            : [.. columns];
    }

    private static int Count(Dictionary<Column, string?>[] combinations, IReadOnlyList<Column> columns) =>
        combinations.Select(values => Key(values, columns)).Distinct().Count();

    // A column that does not split has one value for all.
    private static string Key(Dictionary<Column, string?> values, IReadOnlyList<Column> columns) =>
        string.Join('\u001f', columns.Select(column => values.GetValueOrDefault(column)));
}
