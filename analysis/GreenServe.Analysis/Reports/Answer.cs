using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>
/// The question of the suite, answered for one combination of inputs: for these inputs, this model and this SLO, which setting of the
/// knobs takes the least energy, and what does it save against the default?
/// </summary>
/// <remarks>
/// The default is most GPUs, highest clock and highest cap of the grid. Settings that break the SLO or have no number are no candidates.
/// The interval of a saving adds the relative half intervals of both means in quadrature. It and the probability of being the least need
/// repetitions and are absent without them.
/// </remarks>
internal sealed class Answer
{
    private static readonly Knob[] Knobs =
    [
        new(GridAxes.TensorParallelism, "tensor parallelism"), new(GridAxes.GpuClock, "GPU clock"), new(GridAxes.PowerCap, "power cap"),
    ];

    private readonly TableRow[] rows;
    private readonly Knob[] knobs;
    private readonly bool hasSlo;
    private readonly bool hasChanges;
    private readonly TableRow[] candidates;

    private Answer(ResultTable table, TableRow[] rows, Knob[] knobs, Column[] inputs)
    {
        (this.rows, this.knobs) = (rows, knobs);
        hasChanges = table.Has(StandardColumns.WorkloadChanges);
        hasSlo = rows[0][StandardColumns.SloProfile] is not null || rows.Any(row => row[MetricColumns.SloFeasible.Mean] is not null);
        candidates = [.. rows.Where(row => row[Joules.Mean] is > 0 && KeepsSlo(row))];
        Artifact = table.Name;
        Inputs = string.Join(", ", inputs.Where(column => rows[0].Text(column) is not null)
            .Select(column => GridAxes.Of(column).NameOf(rows[0].Text(column)!)));
        Best = candidates.MinBy(row => row[Joules.Mean]);

        // A clock or a cap that is not set limits nothing: it is the highest.
        Default = rows.MaxBy(row => (
            PlaceOf(table, row, GridAxes.TensorParallelism),
            PlaceOf(table, row, GridAxes.GpuClock) ?? double.MaxValue,
            PlaceOf(table, row, GridAxes.PowerCap) ?? double.MaxValue))!;
        Saving = Best is { } best && KeepsSlo(Default) ? SavingOf(best, Default) : null;
    }

    /// <summary>
    /// The artifacts that answer, the most telling one first: it asks the suite's whole question. The others vary one knob or state no SLO.
    /// </summary>
    internal static IReadOnlyList<string> Preferred { get; } =
        ["slo-heatmap", "slo-tightness", "clock-batch", "gpu-clock", "tensor-parallelism", "power-cap"];

    /// <summary>The columns that say what was asked of what.</summary>
    internal static IReadOnlyList<TextColumn> SetupColumns { get; } =
    [
        StandardColumns.Evidence, StandardColumns.System, StandardColumns.Engine, StandardColumns.Model, StandardColumns.Precision,
        StandardColumns.Workload, StandardColumns.SloProfile,
    ];

    /// <summary>The energy that is to be least.</summary>
    internal static MetricColumn Joules => MetricColumns.JoulesPerRequest;

    /// <summary>The artifact that answers.</summary>
    internal string Artifact { get; }

    /// <summary>
    /// The inputs that the answer is for, for example <c>SS, low load</c>; empty where the artifact varies knobs alone.
    /// </summary>
    internal string Inputs { get; }

    /// <summary>The knobs that the artifact varies, in words.</summary>
    internal string KnobWords => string.Join(" and ", knobs.Select(knob => knob.Words));

    /// <summary>Settings of the knobs.</summary>
    internal int Settings => rows.Length;

    /// <summary>Settings that keep the SLO and have a number.</summary>
    internal int FeasibleSettings => candidates.Length;

    /// <summary>The setting of least energy; <c>null</c> where no setting is a candidate.</summary>
    internal TableRow? Best { get; }

    /// <summary>The row of the default setting.</summary>
    internal TableRow Default { get; }

    /// <summary>Whether the default keeps the SLO: <c>yes</c>, <c>no</c> or <c>no SLO stated</c>.</summary>
    internal string DefaultKeepsSlo => !hasSlo ? NoSloStated : KeepsSlo(Default) ? "yes" : DefaultBreaksSlo;

    /// <summary>Text of <see cref="DefaultKeepsSlo"/> where there is no SLO.</summary>
    internal static string NoSloStated => "no SLO stated";

    /// <summary>Text of <see cref="DefaultKeepsSlo"/> where the default breaks the SLO.</summary>
    internal static string DefaultBreaksSlo => "no";

    /// <summary>Energy that the best setting saves against the default; <c>null</c> where one of them is no candidate.</summary>
    internal EnergySaving? Saving { get; }

    /// <summary>The probability that no other candidate uses less; <c>null</c> where one of them ran once.</summary>
    internal double? Probability => Best is null
        ? null
        : ProbabilityOfMinimum.Of([.. candidates.Select(Joules.MeanOf)])?[Array.IndexOf(candidates, Best)];

    /// <summary>Text of one of the columns that identify the system and the workload.</summary>
    internal string? Of(TextColumn column) => column.Equals(StandardColumns.Workload) ? WorkloadInWords : rows[0][column];

    /// <summary>A setting of the knobs in words.</summary>
    internal string SettingOf(TableRow row) =>
        string.Join(", ", knobs.Select(knob => knob.Axis.NameOf(row.Text(knob.Axis) ?? "none")));

    /// <summary>The answers of every artifact that varies a knob, the most telling artifact first.</summary>
    /// <param name="tables">Tables of artifacts; only main ones answer.</param>
    internal static IReadOnlyList<Answer> AllOf(IEnumerable<ResultTable> tables) => [.. tables
        .Where(table => ArtifactCatalog.Find(table.Name) is not null)
        .OrderBy(table => Preferred.TakeWhile(name => name != table.Name).Count())
        .SelectMany(AllOf)];

    private static IEnumerable<Answer> AllOf(ResultTable table)
    {
        table.Require(GridColumns.All);
        Artifact artifact = ArtifactCatalog.Find(table.Name)!;
        Knob[] knobs = [.. Knobs.Where(knob => artifact.Axes.Contains(knob.Axis) && table.Distinct(knob.Axis).Count > 1)];
        Column[] inputs = [.. table.Columns.Where(column => GridAxes.IsKnown(column)
            && !Knobs.Any(knob => knob.Axis.Equals(column)) && !SetupColumns.Contains(column) && !column.Equals(GridAxes.Gpu))];
        return knobs.Length == 0
            ? []
            : table.Rows.GroupBy(row => string.Join('\u001f', SetupColumns.Concat(inputs).Select(row.Text)))
                .Select(group => group.ToArray()).Where(rows => rows.Length > 1)
                .Select(rows => new Answer(table, rows, knobs, inputs));
    }

    /// <summary>
    /// The name of the workload and what the experiment changes in it. Without the second part a row would name a workload that it did
    /// not run.
    /// </summary>
    private string? WorkloadInWords
    {
        get
        {
            string? name = rows[0][StandardColumns.Workload];
            IEnumerable<string> columns = hasChanges ? rows.Select(row => row[StandardColumns.WorkloadChanges]).OfType<string>() : [];
            string changes = string.Join(", ", columns.SelectMany(text => text.Split(", ")).Distinct());
            return changes.Length > 0 ? $"{name} with other {changes}" : name;
        }
    }

    private bool KeepsSlo(TableRow row) => !hasSlo || row[MetricColumns.SloFeasible.Mean] == 1;

    // A grid that does not vary a knob need not have a column for it.
    private static double? PlaceOf(ResultTable table, TableRow row, GridAxis axis) => table.Has(axis) ? row.Number(axis) : null;

    private static EnergySaving? SavingOf(TableRow best, TableRow standard)
    {
        if (standard[Joules.Mean] is not > 0)
        {
            return null;
        }

        double ratio = best[Joules.Mean]!.Value / standard[Joules.Mean]!.Value;
        return new EnergySaving(
            1 - ratio,
            best != standard && RelativeHalfWidth(best) is { } one && RelativeHalfWidth(standard) is { } other
                ? ratio * Math.Sqrt((one * one) + (other * other))
                : null);
    }

    private static double? RelativeHalfWidth(TableRow row) => Joules.HalfWidth(row) / row[Joules.Mean];

    private sealed record Knob(GridAxis Axis, string Words);
}

/// <summary>Share of the energy that one setting saves against another.</summary>
/// <param name="Share">The share; negative where it uses more.</param>
/// <param name="HalfWidthRatio">Half the width of its interval; <c>null</c> without repetitions, or where both are one setting.</param>
internal sealed record EnergySaving(double Share, double? HalfWidthRatio)
{
    internal double? LowRatio => Share - HalfWidthRatio;

    internal double? HighRatio => Share + HalfWidthRatio;
}
