using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>The answers as a table: one row for each question, <c>answers.csv</c>.</summary>
internal static class AnswerTable
{
    /// <summary>Name of the table.</summary>
    internal const string Name = "answers";

    /// <summary>What stands between the parts of a list in a cell.</summary>
    internal const string Between = "; ";

    private static readonly Table<Answer> Definition = new(Name,
    [
        .. QuestionColumns,
        new TextColumn("knobs").From<Answer>(row => row.KnobWords),
        new NumberColumn("settings").From<Answer>(row => row.Settings.Count),
        new NumberColumn("feasible_settings").From<Answer>(row => row.Candidates.Count),
        new TextColumn("best_setting").From<Answer>(row => row.Best?.Words),
        new NumberColumn("best_gpus_used").From<Answer>(row => row.Best?.GpusUsed),
        .. MetricValue.ColumnsOf<Answer>(AnswerSetting.Objective, row => row.Best?.JoulesPerOutputToken),
        .. MetricValue.ColumnsOf<Answer>(MetricColumns.JoulesPerRequest, row => row.Best?.JoulesPerRequest),
        MetricColumns.TtftP99.Mean.From<Answer>(row => row.Best?.Of(MetricColumns.TtftP99).Mean),
        MetricColumns.TbtP99.Mean.From<Answer>(row => row.Best?.Of(MetricColumns.TbtP99).Mean),
        StandardColumns.SloFound.From<Answer>(row => row.Best?.SloFound),
        GridColumns.Repetitions.From<Answer>(row => row.Best?.Repetitions),
        SettingTable.Requests.From<Answer>(row => row.Best?.Requests),
        new NumberColumn("probability_least").From<Answer>(row => row.Probability),
        new NumberColumn("tied").From<Answer>(row => row.Tied?.Count),
        new TextColumn("tied_settings").From<Answer>(row => Join(row.Tied?.Select(setting => setting.Words))),
        new TextColumn("edges").From<Answer>(row => Join(row.Edges.Where(edge => !edge.IsLimit).Select(edge => edge.Axis))),
        new TextColumn("default_setting").From<Answer>(row => row.Default?.Words),
        new NumberColumn("default_gpus_used").From<Answer>(row => row.Default?.GpusUsed),
        new TextColumn("default_keeps_slo").From<Answer>(row => row.Default is { } other
            ? SettingTable.KeepsSlo(other, row.HasSlo)
            : null),
        new NumberColumn("default_joules_per_output_token").From<Answer>(row => row.Default?.JoulesPerOutputToken.Mean),
        new TextColumn("equal_default_setting").From<Answer>(row => row.DefaultOfEqualSize?.Words),
        new TextColumn("equal_default_keeps_slo").From<Answer>(row => row.DefaultOfEqualSize is { } other
            ? SettingTable.KeepsSlo(other, row.HasSlo)
            : null),
        new NumberColumn("equal_default_joules_per_output_token")
            .From<Answer>(row => row.DefaultOfEqualSize?.JoulesPerOutputToken.Mean),
        .. SavingColumns("saving", row => row.SavingAtEqualSize),
        .. SavingColumns("saving_with_fewer_gpus", row => row.SavingWithFewerGpus),
        StandardColumns.Extrapolated.From<Answer>(row => row.Best?.Extrapolated),
        new TextColumn("answer").From<Answer>(row => string.Join(' ', AnswerText.SentencesOf(row))),
        new TextColumn("warnings").From<Answer>(row => string.Join(' ', AnswerWarnings.Of(row)) is { Length: > 0 } text ? text : null),
    ]);

    /// <summary>The columns, whatever the answers.</summary>
    internal static IReadOnlyList<Column> Columns => Definition.Columns;

    /// <summary>The columns that say what is asked.</summary>
    internal static IReadOnlyList<Column<Answer>> QuestionColumns =>
    [
        new TextColumn("question").From<Answer>(row => row.Id),
        new TextColumn("artifact").From<Answer>(row => row.Artifact),
        .. GridQuestions.SetupColumns.Select(column => column.From<Answer>(row => column.Equals(StandardColumns.Workload)
            ? QuestionText.Workload(row)
            : row.Of(column))),
        StandardColumns.SloLimits.From<Answer>(row => row.SloLimits),
        new TextColumn("inputs").From<Answer>(row => row.Inputs),
    ];

    /// <summary>The table of some answers.</summary>
    internal static ResultTable Of(IReadOnlyList<Answer> answers) => Definition.Of(answers);

    private static IEnumerable<Column<Answer>> SavingColumns(string name, Func<Answer, EnergySaving?> read) =>
    [
        new NumberColumn(name).From<Answer>(row => read(row)?.Share),
        new NumberColumn($"{name}_low").From<Answer>(row => read(row)?.LowRatio),
        new NumberColumn($"{name}_high").From<Answer>(row => read(row)?.HighRatio),
    ];

    private static string? Join(IEnumerable<string>? parts) =>
        parts is not null && string.Join(Between, parts) is { Length: > 0 } text ? text : null;
}
