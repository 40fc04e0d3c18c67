using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>
/// Every setting of every question as a table: <c>settings.csv</c>, from which a reader can choose by limits of their own.
/// </summary>
internal static class SettingTable
{
    /// <summary>Name of the table.</summary>
    internal const string Name = "settings";

    /// <summary>Column of the completed requests behind the latencies, over all valid runs and without those of the warm-up.</summary>
    internal static NumberColumn Requests { get; } = new("requests");

    private static readonly MetricColumn[] Latencies =
    [
        MetricColumns.TtftP50, MetricColumns.TtftP90, MetricColumns.TtftP99, MetricColumns.TbtP50, MetricColumns.TbtP90,
        MetricColumns.TbtP99,
    ];

    private static readonly Table<(Answer Answer, AnswerSetting Setting)> Definition = new(Name,
    [
        .. AnswerTable.QuestionColumns.Select(column => column.Of<(Answer Answer, AnswerSetting Setting)>(row => row.Answer)),
        new TextColumn("setting").From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.Words),
        GridColumns.GpusUsed.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.GpusUsed),
        GridColumns.Repetitions.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.Repetitions),
        Requests.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.Requests),
        new TextColumn("is_default").From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting == row.Answer.Default ? "yes" : "no"),
        new TextColumn("default_setting").From<(Answer Answer, AnswerSetting Setting)>(row => row.Answer.DefaultOf(row.Setting)?.Words),
        new TextColumn("keeps_slo").From<(Answer Answer, AnswerSetting Setting)>(row => KeepsSlo(row.Setting, row.Answer.HasSlo)),
        new TextColumn("why_no_candidate").From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.NoCandidateReason),
        .. new[] { AnswerSetting.Objective, MetricColumns.JoulesPerRequest }.SelectMany(Whole),
        MetricColumns.MeanWatts.Mean.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.Of(MetricColumns.MeanWatts).Mean),
        MetricColumns.OutputTokensPerSecond.Mean.From<(Answer Answer, AnswerSetting Setting)>(
            row => row.Setting.Of(MetricColumns.OutputTokensPerSecond).Mean),
        .. Latencies.SelectMany(Whole),
        MetricColumns.SloWorstRatio.Mean.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.WorstRatio),
        MetricColumns.SloAttainment.Mean.From<(Answer Answer, AnswerSetting Setting)>(
            row => row.Setting.Of(MetricColumns.SloAttainment).Mean),
        MetricColumns.GramsPerMillionTokens.Mean.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.GramsPerMillionTokens),
        MetricColumns.CostPerMillionTokens.Mean.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.CostPerMillionTokens),
        GridColumns.Currency.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.Currency),
        StandardColumns.SloFound.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.SloFound),
        StandardColumns.SloAtRisk.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.SloAtRisk is { Count: > 0 } limits
            ? string.Join(AnswerTable.Between, limits)
            : null),
        StandardColumns.Extrapolated.From<(Answer Answer, AnswerSetting Setting)>(row => row.Setting.Extrapolated),
    ]);

    /// <summary>The columns, whatever the answers.</summary>
    internal static IReadOnlyList<Column> Columns => Definition.Columns;

    /// <summary>The settings of some answers.</summary>
    internal static ResultTable Of(IEnumerable<Answer> answers) =>
        Definition.Of(answers.SelectMany(answer => answer.Settings.Select(setting => (answer, setting))));

    /// <summary>Whether a setting keeps the SLO, as a cell: <c>yes</c>, <c>no</c>, <c>not tested</c> or <c>no SLO stated</c>.</summary>
    internal static string KeepsSlo(AnswerSetting setting, bool hasSlo) => !hasSlo ? "no SLO stated" : setting.KeepsSlo switch
    {
        true => "yes",
        false => "no",
        _ => "not tested",
    };

    private static IEnumerable<Column<(Answer Answer, AnswerSetting Setting)>> Whole(MetricColumn metric) =>
        MetricValue.ColumnsOf<(Answer Answer, AnswerSetting Setting)>(metric, row => row.Setting.Of(metric));
}
