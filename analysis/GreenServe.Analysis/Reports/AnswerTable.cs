using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The answers as a table: one row for each combination of inputs, <c>answers.csv</c>.</summary>
internal static class AnswerTable
{
    /// <summary>Name of the table.</summary>
    internal const string Name = "answers";

    private static readonly Table<Answer> Definition = new(Name,
    [
        new TextColumn("artifact").From<Answer>(row => row.Artifact),
        .. Answer.SetupColumns.Select(column => column.From<Answer>(row => row.Of(column))),
        new TextColumn("inputs").From<Answer>(row => row.Inputs),
        new TextColumn("knobs").From<Answer>(row => row.KnobWords),
        new NumberColumn("settings").From<Answer>(row => row.Settings),
        new NumberColumn("feasible_settings").From<Answer>(row => row.FeasibleSettings),
        new TextColumn("best_setting").From<Answer>(row => row.Best is { } best ? row.SettingOf(best) : null),
        new NumberColumn("best_gpus_used").From<Answer>(row => row.Best?[GridColumns.GpusUsed]),
        .. Answer.Joules.Interval.Select(column => column.From<Answer>(row => row.Best?[column])),
        MetricColumns.JoulesPerOutputToken.Mean.From<Answer>(row => row.Best?[MetricColumns.JoulesPerOutputToken.Mean]),
        GridColumns.Repetitions.From<Answer>(row => row.Best?[GridColumns.Repetitions]),
        new NumberColumn("probability_least").From<Answer>(row => row.Probability),
        new TextColumn("default_setting").From<Answer>(row => row.SettingOf(row.Default)),
        new NumberColumn("default_gpus_used").From<Answer>(row => row.Default[GridColumns.GpusUsed]),
        new TextColumn("default_keeps_slo").From<Answer>(row => row.DefaultKeepsSlo),
        .. Answer.Joules.Interval
            .Select(column => new NumberColumn($"default_{column.Name}").From<Answer>(row => row.Default[column])),
        new NumberColumn("saving").From<Answer>(row => row.Saving?.Share),
        new NumberColumn("saving_low").From<Answer>(row => row.Saving?.LowRatio),
        new NumberColumn("saving_high").From<Answer>(row => row.Saving?.HighRatio),
    ]);

    /// <summary>The columns, whatever the answers.</summary>
    internal static IReadOnlyList<Column> Columns => Definition.Columns;

    /// <summary>The table of some answers.</summary>
    internal static ResultTable Of(IReadOnlyList<Answer> answers) => Definition.Of(answers);
}
