using System.Text.Json;
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

    /// <summary>The answers of a table; none where it is not that of a grid.</summary>
    internal static IReadOnlyList<Answer> Of(ResultTable table)
    {
        if (!GridColumns.All.Append(StandardColumns.Axes).All(table.Has))
        {
            return [];
        }

        IReadOnlyDictionary<string, AxisRole> stated = AxisRoles.Read(table);
        (GridAxis Axis, AxisRole Role)[] axes =
        [
            .. AxesOf(table).Select(column => GridAxes.Of(column))
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

    // The axes of a table stand between the column that states their roles and the number of GPUs, whatever they are called.
    private static IEnumerable<Column> AxesOf(ResultTable table) => table.Columns
        .SkipWhile(column => !column.Equals(StandardColumns.Axes)).Skip(1)
        .TakeWhile(column => !column.Equals(GridColumns.GpusUsed));

    private static IEnumerable<TableRow[]> Groups(IEnumerable<TableRow> rows, IReadOnlyList<Column> columns) => rows
        .GroupBy(row => JsonSerializer.Serialize(columns.Select(row.Text))).Select(group => group.ToArray());
}
