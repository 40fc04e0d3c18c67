using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Grids;

/// <summary>
/// Tells which axes an experiment has and which part each plays. The table of a grid carries them in its column <c>axes</c>, for example
/// <c>max_batch: knob; prompt: input</c>.
/// </summary>
/// <remarks>
/// An axis that the suite knows has a role of its own. Any other is an input where the workload changes along it, and otherwise a knob.
/// Columns such as the system are followers where they change with the place in the grid.
/// </remarks>
internal static class AxisRoles
{
    private const string Between = "; ";
    private const string BeforeRole = ": ";

    /// <summary>The cell of the column <c>axes</c> of each experiment, by its name; <c>null</c> for one without axes.</summary>
    internal static IReadOnlyDictionary<string, string?> Of(IReadOnlyList<ExperimentRun> runs) =>
        runs.GroupBy(ExperimentOf).ToDictionary(group => group.Key, group => TextOf([.. group]));

    /// <summary>Name of the experiment of a run; empty for none.</summary>
    internal static string ExperimentOf(ExperimentRun run) => run.Metrics.Manifest.Experiment?.Experiment ?? "";

    /// <summary>The axes that the rows of a table state, with their roles. Tables of earlier versions state none.</summary>
    internal static IReadOnlyDictionary<string, AxisRole> Read(ResultTable table)
    {
        Dictionary<string, AxisRole> roles = [];
        foreach (string part in table.Has(StandardColumns.Axes)
            ? table.Distinct(StandardColumns.Axes).SelectMany(cell => cell.Split(Between))
            : [])
        {
            int place = part.LastIndexOf(BeforeRole, StringComparison.Ordinal);
            if (place > 0 && EnumText.TryParse(part[(place + BeforeRole.Length)..], out AxisRole role))
            {
                roles[part[..place]] = role;
            }
        }

        return roles;
    }

    /// <summary>The columns of a table that are axes: those that the suite knows, and those that the experiment of a row has.</summary>
    internal static IReadOnlyList<Column> ColumnsOf(ResultTable table)
    {
        IReadOnlyDictionary<string, AxisRole> stated = Read(table);
        return
        [
            .. table.Columns.Where(column =>
                GridAxes.IsKnown(column) || (stated.TryGetValue(column.Name, out AxisRole role) && role != AxisRole.Follower)),
        ];
    }

    private static string? TextOf(ExperimentRun[] runs)
    {
        string[] axes = [.. runs.SelectMany(run => run.Coordinates.Keys).Distinct()];
        Dictionary<string, AxisRole> roles = axes.ToDictionary(name => name, name => GridAxes.Of(name).Role);
        string[] unknown = [.. axes.Where(name => !GridAxes.IsKnown(name))];
        foreach (string name in unknown.Where(name => ChangesWorkload(runs, [name])))
        {
            roles[name] = AxisRole.Input;
        }

        // Axes whose values change together cannot be told apart: where one of them changes the workload, all of them count.
        string[] left = [.. unknown.Where(name => roles[name] != AxisRole.Input)];
        if (left.Length > 1 && ChangesWorkload(runs, left))
        {
            foreach (string name in left)
            {
                roles[name] = AxisRole.Input;
            }
        }

        foreach (string name in GridColumns.Identities.Where(identity => Follows(runs, identity))
            .Select(identity => identity.Definition.Name).Except(axes))
        {
            roles[name] = AxisRole.Follower;
        }

        return roles.Count == 0 ? null : string.Join(Between, roles.Select(pair => pair.Key + BeforeRole + EnumText.Of(pair.Value)));
    }

    /// <summary>Whether runs that differ in some axes alone have different workloads.</summary>
    private static bool ChangesWorkload(IEnumerable<ExperimentRun> runs, IReadOnlyList<string> names) => runs
        .GroupBy(run => $"{run.Metrics.Manifest.WorkloadName}\u001f{PlaceOf(run, names)}")
        .Any(group => group.Select(run => run.Metrics.Manifest.WorkloadSha256).Distinct().Count() > 1);

    /// <summary>Whether a column changes within an experiment, and has one value at each place of the grid.</summary>
    private static bool Follows(IReadOnlyList<ExperimentRun> runs, Column<ExperimentRun> identity)
    {
        string?[][] values = [.. runs.GroupBy(run => $"{run.Metrics.Manifest.Evidence}\u001f{PlaceOf(run, [])}")
            .Select(group => group.Select(run => (string?)identity.Read(run)).Distinct().ToArray())];
        return values.All(one => one.Length == 1) && values.Select(one => one[0]).Distinct().Count() > 1;
    }

    private static string PlaceOf(ExperimentRun run, IReadOnlyList<string> without) => string.Join('\u001f', run.Coordinates
        .Where(pair => !without.Contains(pair.Key)).Select(pair => $"{pair.Key}\u001e{pair.Value?.ToJsonString()}"));
}
