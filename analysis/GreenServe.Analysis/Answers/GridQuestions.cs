using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>The questions that the table of a grid asks.</summary>
/// <remarks>
/// Rows belong to one question where they agree in evidence kind, in what served what, and in every input and subject. Of the settings in
/// it the least is sought. Where no knob varies, the subjects are compared.
/// </remarks>
internal static class GridQuestions
{
    /// <summary>The columns that say what was asked of what.</summary>
    internal static IReadOnlyList<TextColumn> SetupColumns { get; } =
    [
        StandardColumns.Evidence, StandardColumns.System, StandardColumns.Engine, StandardColumns.Model, StandardColumns.Precision,
        StandardColumns.Workload, StandardColumns.SloProfile,
    ];

    private static readonly HashSet<string> OtherColumns =
    [
        .. GridColumns.All.Concat(StandardColumns.All)
            .Concat(MetricColumns.All.SelectMany(metric => metric.All))
            .Concat(MetricColumns.All.SelectMany(metric => new Column?[] { metric.BandLow, metric.BandHigh }).OfType<Column>())
            .Select(column => column.Name),
    ];

    // Names of axes that are columns of every table too.
    private static readonly string[] NamesOfAxes = [StandardColumns.Load.Name, StandardColumns.Class.Name];

    /// <summary>The answers of a table; none where it is not that of a grid.</summary>
    internal static IReadOnlyList<Answer> Of(ResultTable table)
    {
        if (!GridColumns.All.All(table.Has))
        {
            return [];
        }

        IReadOnlyDictionary<string, AxisRole> stated = AxisRoles.Read(table);
        (GridAxis Axis, AxisRole Role)[] axes =
        [
            .. table.Columns.Where(column => IsAxis(column, stated)).Select(column => GridAxes.Of(column))
                .Select(axis => (axis, stated.TryGetValue(axis.Name, out AxisRole role) ? role : axis.Role)),
        ];
        axes = [.. axes.Where(axis => axis.Role != AxisRole.Follower)];
        Column[] setup = [.. SetupColumns.Where(column => !stated.ContainsKey(column.Name))];
        List<Answer> answers = [];
        foreach (TableRow[] rows in Groups(table.Rows, setup))
        {
            (GridAxis Axis, AxisRole Role)[] varied =
                [.. axes.Where(axis => rows.Select(row => row.Text(axis.Axis)).Distinct().Skip(1).Any())];
            AxisRole chosen = varied.Any(axis => axis.Role == AxisRole.Knob) ? AxisRole.Knob : AxisRole.Subject;
            GridAxis[] choices = [.. varied.Where(axis => axis.Role == chosen).Select(axis => axis.Axis)];
            GridAxis[] asked = [.. axes.Where(axis => axis.Role != chosen).Select(axis => axis.Axis)];
            int before = answers.Count;
            answers.AddRange(choices.Length == 0 ? [] : Groups(rows, asked).Where(group => group.Length > 1)
                .Select((group, index) => new Answer(IdOf(table, before + index + 1), table, group, choices, asked, chosen)));
        }

        return answers;
    }

    private static string IdOf(ResultTable table, int number) => FormattableString.Invariant($"{table.Name}-{number}");

    private static bool IsAxis(Column column, IReadOnlyDictionary<string, AxisRole> stated) =>
        stated.ContainsKey(column.Name) || NamesOfAxes.Contains(column.Name) || !OtherColumns.Contains(column.Name);

    private static IEnumerable<TableRow[]> Groups(IEnumerable<TableRow> rows, IReadOnlyList<Column> columns) => rows
        .GroupBy(row => string.Join('\u001f', columns.Select(row.Text))).Select(group => group.ToArray());
}
