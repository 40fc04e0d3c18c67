using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>The tables of an advice, which stand beside its page as CSV. The evidence kind comes first in each.</summary>
internal static class AdviceTables
{
    /// <summary>Name of the table of every setting that was tried or measured.</summary>
    internal const string Tried = "advice-tried";

    /// <summary>Name of the table of the finalists.</summary>
    internal const string Finalists = "advice-finalists";

    /// <summary>Name of the table of the finalists' latencies against the limits of the SLO.</summary>
    internal const string Limits = "advice-limits";

    /// <summary>Name of the table of what one knob at a time does.</summary>
    internal const string Sensitivity = "advice-sensitivity";

    /// <summary>Name of the table of what looser limits buy.</summary>
    internal const string Relaxations = "advice-relaxations";

    private static readonly Column<MarkedSetting>[] SettingColumns =
    [
        StandardColumns.Evidence.From<MarkedSetting>(row => EnumText.Of(row.Setting.Evidence)),
        new TextColumn("role").From<MarkedSetting>(row => row.Role),
        new TextColumn("setting").From<MarkedSetting>(row => row.Setting.Words),
        StandardColumns.Gpu.From<MarkedSetting>(row => row.Serving.Gpu),
        StandardColumns.Engine.From<MarkedSetting>(row => row.Serving.Engine),
        StandardColumns.Model.From<MarkedSetting>(row => row.Serving.Model),
        new NumberColumn("gpus").From<MarkedSetting>(row => row.Serving.Gpus),
        new NumberColumn("replicas").From<MarkedSetting>(row => row.Serving.Replicas),
        new NumberColumn("prefill_replicas").From<MarkedSetting>(row => row.Serving.PrefillReplicas),
        new NumberColumn("tensor_parallelism").From<MarkedSetting>(row => row.Knobs.TensorParallelism),
        new NumberColumn("pipeline_parallelism").From<MarkedSetting>(row => row.Knobs.PipelineParallelism),
        new NumberColumn("gpu_clock_megahertz").From<MarkedSetting>(row => row.Knobs.GpuClockMegahertz),
        new NumberColumn("power_cap_watts").From<MarkedSetting>(row => row.Knobs.PowerCapWatts),
        new NumberColumn("max_batch").From<MarkedSetting>(row => row.Knobs.MaxBatch),
        new NumberColumn("step_tokens").From<MarkedSetting>(row => row.Knobs.StepTokens),
        StandardColumns.Precision.From<MarkedSetting>(row => row.Knobs.Precision is { } precision ? EnumText.Of(precision) : null),
        new TextColumn("caches_prefixes").From<MarkedSetting>(row => Answer(row.Serving.CachesPrefixes)),
        new NumberColumn("runs").From<MarkedSetting>(row => row.Setting.Runs),
        new NumberColumn("requests").From<MarkedSetting>(row => row.Setting.Requests),
        new TextColumn("is_feasible").From<MarkedSetting>(row => Answer(row.Setting.IsFeasible)),
        new TextColumn("meets_slo").From<MarkedSetting>(row => Answer(row.Setting.MeetsSlo)),
        new TextColumn("reasons").From<MarkedSetting>(row => row.Setting.Reasons is [] ? null : string.Join("; ", row.Setting.Reasons)),
        new NumberColumn("slo_worst_ratio").From<MarkedSetting>(row => row.Setting.WorstRatio),
        new NumberColumn("joules_per_output_token").From<MarkedSetting>(row => row.Setting.JoulesPerOutputToken),
        new NumberColumn("joules_per_output_token_low").From<MarkedSetting>(row => row.Setting.LowJoulesPerOutputToken),
        new NumberColumn("joules_per_output_token_high").From<MarkedSetting>(row => row.Setting.HighJoulesPerOutputToken),
        new NumberColumn("joules_per_output_token_band_low").From<MarkedSetting>(
            row => row.Setting.JoulesPerOutputToken * row.Setting.ErrorBands?.JoulesPerToken?.LowFactor),
        new NumberColumn("joules_per_output_token_band_high").From<MarkedSetting>(
            row => row.Setting.JoulesPerOutputToken * row.Setting.ErrorBands?.JoulesPerToken?.HighFactor),
        new NumberColumn("joules_per_request").From<MarkedSetting>(row => row.Setting.JoulesPerRequest),
        new NumberColumn("mean_watts").From<MarkedSetting>(row => row.Setting.MeanWatts),
        new NumberColumn("output_tokens_per_second").From<MarkedSetting>(row => row.Setting.OutputTokensPerSecond),
        new NumberColumn("requests_per_second").From<MarkedSetting>(row => row.Setting.RequestsPerSecond),
        new NumberColumn("cost_per_million_tokens").From<MarkedSetting>(row => row.Setting.CostPerMillionTokens),
        new TextColumn("currency").From<MarkedSetting>(row => row.Document.Currency),
        new NumberColumn("grams_co2e_per_million_tokens").From<MarkedSetting>(row => row.Setting.GramsPerMillionTokens),
        new NumberColumn("objective").From<MarkedSetting>(row => row.Setting.ObjectiveValue),
        new TextColumn("objective_unit").From<MarkedSetting>(row => AdvicePageText.ObjectiveUnit(row.Document)),
    ];

    private static readonly Table<MarkedSetting> TriedTable = new(Tried, SettingColumns);

    private static readonly Table<MarkedSetting> FinalistTable = new(Finalists,
    [
        .. SettingColumns,
        new NumberColumn("probability_least").From<MarkedSetting>(row => row.Setting.LeastProbability),
        new TextColumn("is_tied").From<MarkedSetting>(row => Answer(row.Setting.IsTied)),
        new NumberColumn("excess_ratio").From<MarkedSetting>(row => row.Setting.ExcessRatio),
        new TextColumn("quality_note").From<MarkedSetting>(row => row.Setting.QualityNote),
    ]);

    private static readonly Table<(MarkedSetting Row, LimitMargin Limit)> LimitTable = new(Limits,
    [
        .. SettingColumns.Take(3).Select(column => column.Of<(MarkedSetting Row, LimitMargin Limit)>(row => row.Row)),
        new TextColumn("metric").From<(MarkedSetting Row, LimitMargin Limit)>(row => EnumText.Of(row.Limit.Metric)),
        new NumberColumn("percentile").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.Percentile),
        new TextColumn("classes").From<(MarkedSetting Row, LimitMargin Limit)>(row => Join(row.Limit.Classes)),
        new NumberColumn("limit_seconds").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.LimitSeconds),
        new NumberColumn("isolated_multiple").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.IsolatedMultiple),
        new NumberColumn("found_seconds").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.FoundSeconds),
        new NumberColumn("ratio").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.Ratio),
        new NumberColumn("ratio_band_low").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.LowRatio),
        new NumberColumn("ratio_band_high").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.HighRatio),
        new NumberColumn("samples").From<(MarkedSetting Row, LimitMargin Limit)>(row => row.Limit.Samples),
    ]);

    private static readonly Table<(string? Evidence, string Axis, KnobEffect Effect)> SensitivityTable = new(Sensitivity,
    [
        StandardColumns.Evidence.From<(string? Evidence, string Axis, KnobEffect Effect)>(row => row.Evidence),
        new TextColumn("knob").From<(string? Evidence, string Axis, KnobEffect Effect)>(row => row.Axis),
        new TextColumn("value").From<(string? Evidence, string Axis, KnobEffect Effect)>(row => row.Effect.Value),
        new NumberColumn("change_ratio").From<(string? Evidence, string Axis, KnobEffect Effect)>(row => row.Effect.ChangeRatio),
        new TextColumn("is_feasible").From<(string? Evidence, string Axis, KnobEffect Effect)>(row => Answer(row.Effect.IsFeasible)),
        new TextColumn("is_recommended").From<(string? Evidence, string Axis, KnobEffect Effect)>(
            row => Answer(row.Effect.IsRecommended)),
        new NumberColumn("slo_worst_ratio").From<(string? Evidence, string Axis, KnobEffect Effect)>(row => row.Effect.WorstRatio),
    ]);

    private static readonly Table<(string? Evidence, LimitRelaxation Looser)> RelaxationTable = new(Relaxations,
    [
        StandardColumns.Evidence.From<(string? Evidence, LimitRelaxation Looser)>(row => row.Evidence),
        new TextColumn("metric").From<(string? Evidence, LimitRelaxation Looser)>(row => EnumText.Of(row.Looser.Metric)),
        new NumberColumn("percentile").From<(string? Evidence, LimitRelaxation Looser)>(row => row.Looser.Percentile),
        new TextColumn("classes").From<(string? Evidence, LimitRelaxation Looser)>(row => Join(row.Looser.Classes)),
        new NumberColumn("added_seconds").From<(string? Evidence, LimitRelaxation Looser)>(row => row.Looser.AddedSeconds),
        new NumberColumn("limit_factor").From<(string? Evidence, LimitRelaxation Looser)>(row => row.Looser.Factor),
        new NumberColumn("saving_ratio").From<(string? Evidence, LimitRelaxation Looser)>(row => row.Looser.SavingRatio),
        new TextColumn("setting").From<(string? Evidence, LimitRelaxation Looser)>(row => row.Looser.Setting),
    ]);

    /// <summary>Every table of an advice. One without rows still has its columns.</summary>
    internal static IReadOnlyList<ResultTable> Of(AdviceDocument document)
    {
        string? evidence = AdviceText.Shown(document) is { } first ? EnumText.Of(first.Evidence) : null;
        MarkedSetting[] named = [.. MarkedSetting.Named(document)];
        return
        [
            TriedTable.Of(MarkedSetting.All(document)),
            FinalistTable.Of(named),
            LimitTable.Of(named.SelectMany(row => row.Setting.Limits.Select(limit => (row, limit)))),
            SensitivityTable.Of(document.Sensitivities.SelectMany(knob => knob.Values.Select(value => (evidence, knob.Axis, value)))),
            RelaxationTable.Of(document.Relaxations.Select(looser => (evidence, looser))),
        ];
    }

    private static string? Answer(bool? value) => value is { } known ? known ? "yes" : "no" : null;

    private static string? Join(IReadOnlyList<string>? classes) => classes is null ? null : string.Join(' ', classes);
}
