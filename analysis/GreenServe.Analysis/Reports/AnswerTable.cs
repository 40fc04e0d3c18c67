using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>
/// The question of the suite, answered from the artifacts: for these inputs, this model and this SLO, which setting of the knobs takes the
/// least energy, and what does it save against the default. One row for each combination of inputs: <c>answers.csv</c>.
/// </summary>
/// <remarks>
/// Default: most GPUs, highest clock, highest cap of the grid. Settings with a broken SLO or without a number are no candidates. The interval
/// of a saving adds the relative half intervals of both means in quadrature; it and the probability of being the least need
/// repetitions and are absent without them.
/// </remarks>
internal static class AnswerTable
{
    /// <summary>Name of the table.</summary>
    internal const string Name = "answers";

    private const string Metric = "joules_per_request";
    /// <summary>What asks the suite's whole question first; the others vary one knob or state no SLO.</summary>
    internal static readonly string[] Preferred = ["slo-heatmap", "slo-tightness", "clock-batch", "gpu-clock", "tensor-parallelism", "power-cap"];

    private static readonly string[] Knobs = ["tensor_parallelism", "gpu_clock_megahertz", "power_cap_watts"];
    private static readonly string[] KnobWords = ["tensor parallelism", "GPU clock", "power cap"];
    private static readonly string[] Setup = ["evidence", "system", "engine", "model", "precision", "workload", "slo_profile"];

    private static readonly ResultColumn[] Columns =
    [
        new("artifact", true), .. Setup.Select(name => new ResultColumn(name, true)), new("inputs", true), new("knobs", true),
        new("settings", false), new("feasible_settings", false),
        new("best_setting", true), new("best_gpus_used", false), .. Interval(Metric), new("joules_per_output_token", false), new("repetitions", false), new("probability_least", false),
        new("default_setting", true), new("default_gpus_used", false), new("default_keeps_slo", true), .. Interval($"default_{Metric}"), .. Interval("saving"),
    ];

    /// <summary>The answers of every artifact that varies a knob, the most telling artifact first.</summary>
    /// <param name="tables">Main tables of artifacts.</param>
    internal static ResultTable Of(IReadOnlyList<ResultTable> tables) => new(Name, Columns, [.. tables
        .OrderBy(table => Array.IndexOf(Preferred, table.Name) is >= 0 and int place ? place : Preferred.Length).SelectMany(Rows)]);

    private static IEnumerable<object?[]> Rows(ResultTable table)
    {
        if (ArtifactCatalog.Find(table.Name) is not { } artifact || !table.Has(Metric))
        {
            yield break;
        }

        string[] knobs = [.. Knobs.Where(knob => artifact.Axes.Contains(knob) && table.Distinct(knob).Count > 1)];
        string[] inputs = [.. table.Columns.Select(column => column.Name)
            .Where(column => AxisCatalog.IsAxis(column) && !Knobs.Contains(column) && !Setup.Contains(column) && column != "gpu")];
        foreach (IGrouping<string, int> group in Enumerable.Range(0, table.Rows.Count)
            .GroupBy(row => string.Join('\u001f', Setup.Concat(inputs).Select(column => table.Text(row, column)))))
        {
            int[] rows = [.. group];
            if (knobs.Length > 0 && rows.Length > 1)
            {
                yield return Row(table, rows, knobs, inputs);
            }
        }
    }

    private static object?[] Row(ResultTable table, int[] rows, string[] knobs, string[] inputs)
    {
        bool hasSlo = table.Text(rows[0], "slo_profile") is not null || rows.Any(row => table.Number(row, "slo_feasible") is not null);
        bool Keeps(int row) => !hasSlo || table.Number(row, "slo_feasible") == 1;
        int[] feasible = [.. rows.Where(row => table.Number(row, Metric) is > 0 && Keeps(row))];
        int? best = feasible.Length > 0 ? feasible.MinBy(row => table.Number(row, Metric)!.Value) : null;
        int standard = rows.MaxBy(row => (
            table.Number(row, Knobs[0]) ?? 0, table.Number(row, Knobs[1]) ?? double.MaxValue, table.Number(row, Knobs[2]) ?? double.MaxValue));
        string Setting(int row) => string.Join(", ", knobs.Select(knob => AxisCatalog.Name(knob, table.Text(row, knob) ?? "none")));
        object?[] Numbers(int? row) => [.. new[] { Metric, $"{Metric}_low", $"{Metric}_high" }.Select(column => row is { } one ? (object?)table.Number(one, column) : null)];
        IReadOnlyList<double>? chances = best is null ? null : Chances(table, feasible);
        return
        [
            table.Name, .. Setup.Select(column => table.Text(rows[0], column)),
            string.Join(", ", inputs.Where(column => table.Text(rows[0], column) is not null).Select(column => AxisCatalog.Name(column, table.Text(rows[0], column)!))),
            string.Join(" and ", knobs.Select(knob => KnobWords[Array.IndexOf(Knobs, knob)])),
            (double)rows.Length, (double)feasible.Length,
            best is { } found ? Setting(found) : null, best is { } used ? table.Number(used, "gpus_used") : null, .. Numbers(best),
            best is { } token ? table.Number(token, "joules_per_output_token") : null, best is { } repeated ? table.Number(repeated, "repetitions") : null,
            best is { } likely ? chances?[Array.IndexOf(feasible, likely)] : null,
            Setting(standard), table.Number(standard, "gpus_used"), !hasSlo ? "no SLO stated" : Keeps(standard) ? "yes" : "no", .. Numbers(standard),
            .. Saving(table, best, Keeps(standard) ? standard : null),
        ];
    }

    private static IReadOnlyList<double>? Chances(ResultTable table, int[] rows) => ProbabilityOfMinimum.Of([.. rows.Select(row => new MeanInterval(
        table.Number(row, $"{Metric}_low") is null ? 1 : (int)(table.Number(row, "repetitions") ?? 1),
        table.Number(row, Metric)!.Value, table.Number(row, $"{Metric}_low"), table.Number(row, $"{Metric}_high")))]);

    /// <summary>1 - best / default with its interval; nothing where the default is no candidate.</summary>
    private static object?[] Saving(ResultTable table, int? best, int? standard)
    {
        if (best is not { } one || standard is not { } other || table.Number(other, Metric) is not > 0)
        {
            return [null, null, null];
        }

        double ratio = table.Number(one, Metric)!.Value / table.Number(other, Metric)!.Value;
        double? half = one == other ? null : ratio * Math.Sqrt(Squared(Relative(table, one)) + Squared(Relative(table, other)));
        return [1 - ratio, Finite(1 - ratio - half), Finite(1 - ratio + half)];
    }

    private static double Relative(ResultTable table, int row) =>
        (table.Number(row, $"{Metric}_high") - table.Number(row, $"{Metric}_low")) / 2 / table.Number(row, Metric) ?? double.NaN;

    private static double Squared(double value) => value * value;

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static IEnumerable<ResultColumn> Interval(string name) => [new(name, false), new($"{name}_low", false), new($"{name}_high", false)];
}
