using System.Globalization;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>An answer in sentences, each of which stands alone. Not escaped.</summary>
internal static class AnswerText
{
    // More settings than this are counted instead of named.
    private const int MaxNamed = 3;

    /// <summary>The sentences, the most important one first: setting, latencies, saving, how sure, what ties.</summary>
    internal static IReadOnlyList<string> SentencesOf(Answer answer) => answer.Best is not { } best
        ? [$"{EvidenceOf(answer)}: no setting is an answer for {QuestionOf(answer)}. {WhyNone(answer)}"]
        : [.. new[]
        {
            Setting(answer, best), Latency(best), Price(best), SavingAtEqualSize(answer, best), SavingWithFewerGpus(answer, best),
            Sureness(answer, best), Ties(answer),
        }.OfType<string>()];

    /// <summary>What is asked, for example <c>fixed-512-128 (SS, low load) with llama-2-70b (bf16)</c>.</summary>
    internal static string QuestionOf(Answer answer) =>
        $"{answer.Of(StandardColumns.Workload)}{(answer.Inputs.Length > 0 ? $" ({answer.Inputs})" : "")}{ServedBy(answer)}";

    /// <summary>
    /// What its settings must keep, with a blank before it, for example <c> within the SLO dynamollm</c>; empty without an SLO.
    /// </summary>
    internal static string GoalOf(Answer answer) =>
        answer.Of(StandardColumns.SloProfile) is { } slo ? $" within the SLO {slo}" : answer.HasSlo ? " within its SLO" : "";

    /// <summary>Number and noun, for example <c>2 GPUs</c>.</summary>
    internal static string Count(double count, string noun) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A saving with its interval, for example <c>14 % (12 to 16 % between runs)</c>.</summary>
    internal static string Share(EnergySaving saving) => AdviceText.Percent(saving.Share)
        + (saving is { LowRatio: { } low, HighRatio: { } high }
            ? $" ({AdviceText.Percent(low)[..^2]} to {AdviceText.Percent(high)} between runs)"
            : "");

    /// <summary>The evidence kind with an upper-case letter first.</summary>
    internal static string EvidenceOf(Answer answer) => AdviceText.Upper(answer.Of(StandardColumns.Evidence) ?? "unknown evidence");

    /// <summary>What served, for example <c>llama-2-70b (bf16) and vllm-0.11 on 8 x H100-80GB-SXM</c>.</summary>
    private static string ServedBy(Answer answer)
    {
        string? model = IsChosen(answer, StandardColumns.Model) ? null : answer.Of(StandardColumns.Model);
        string precision = IsChosen(answer, StandardColumns.Precision)
            ? ""
            : $" ({KnobText.InWords(answer.Of(StandardColumns.Precision))})";
        string? engine = IsChosen(answer, StandardColumns.Engine) ? null : answer.Of(StandardColumns.Engine);
        string served = string.Join(" and ", new[] { model is null ? null : model + precision, engine }.OfType<string>());
        return (served.Length > 0 ? $" with {served}" : "")
            + (IsChosen(answer, StandardColumns.System) ? "" : $" on {answer.Of(StandardColumns.System)}");
    }

    private static bool IsChosen(Answer answer, Column column) => answer.Knobs.Contains(column);

    private static string Setting(Answer answer, AnswerSetting best)
    {
        string gpus = best.GpusUsed is { } used ? $" on {Count(used, "GPU")}" : "";
        return $"{EvidenceOf(answer)}: {best.Words}{gpus} serves {QuestionOf(answer)}{GoalOf(answer)} for {Energy(best)}.";
    }

    private static string Energy(AnswerSetting setting)
    {
        MetricValue token = setting.JoulesPerOutputToken;
        return AdviceText.EnergyOf(token.Mean, token.Low, token.High, token.Band, setting.JoulesPerRequest.Mean);
    }

    private static string? Latency(AnswerSetting best)
    {
        string found = best.SloFound ?? string.Join("; ", new[]
        {
            Percentiles("TTFT", best.Of(MetricColumns.TtftP50).Mean, best.Of(MetricColumns.TtftP99).Mean),
            Percentiles("TBT", best.Of(MetricColumns.TbtP50).Mean, best.Of(MetricColumns.TbtP99).Mean),
        }.OfType<string>());
        return found.Length == 0 ? null : $"Latencies of this setting: {found}.";
    }

    private static string? Percentiles(string name, double? middle, double? high) => middle is null || high is null
        ? null
        : $"{name} at P50 {LimitText.TimeOf(middle.Value)} and at P99 {LimitText.TimeOf(high.Value)}";

    private static string? Price(AnswerSetting best)
    {
        string price = string.Join(" and ", new[]
        {
            best.GramsPerMillionTokens is { } grams ? $"emit {NumberText.Rounded(grams)} gCO2e" : null,
            best.CostPerMillionTokens is { } cost ? $"cost {NumberText.Rounded(cost)} {best.Currency}" : null,
        }.OfType<string>());
        return price.Length == 0 ? null : $"A million output tokens of this setting {price}.";
    }

    private static string? SavingAtEqualSize(Answer answer, AnswerSetting best)
    {
        if (answer.DefaultOfEqualSize is not { } other)
        {
            return null;
        }

        return other == best ? "It is the default itself on as many GPUs, and saves nothing there."
            : answer.SavingAtEqualSize is not { } saving
                ? $"The default on as many GPUs ({other.Words}) has no number to compare with: {other.NoCandidateReason}."
            : $"It {Against(saving, $"the default on as many GPUs ({other.Words}{Misses(other)})")}.";
    }

    private static string? SavingWithFewerGpus(Answer answer, AnswerSetting best)
    {
        if (answer.SavingWithFewerGpus is not { } saving)
        {
            return null;
        }

        AnswerSetting whole = answer.Default;
        double others = whole.GpusUsed!.Value - best.GpusUsed!.Value;
        return $"It {Against(saving, $"the default on {Count(whole.GpusUsed.Value, "GPU")} ({whole.Words}{Misses(whole)})")}, if the other "
            + $"{Count(others, "GPU")} {(others == 1 ? "is off or serves" : "are off or serve")} something else.";
    }

    private static string Against(EnergySaving saving, string other) =>
        Math.Abs(saving.Share) < ObjectiveNumbers.EqualShare ? $"takes the same energy per output token as {other}"
        : saving.Share > 0 ? $"saves {Share(saving)} of the energy per output token against {other}"
        : $"takes {AdviceText.Percent(-saving.Share)} more energy per output token than {other}";

    private static string Misses(AnswerSetting setting) => setting.KeepsSlo == false ? ", which misses the SLO" : "";

    private static string Sureness(Answer answer, AnswerSetting best)
    {
        string requests = $"{Count(best.Requests, "request")} in {Count(best.Repetitions, "run")} stand behind these numbers.";
        string among = answer.HasSlo ? "settings that keep the SLO" : "settings";
        return answer.Candidates.Count == 1
            ? $"It is the only one of {Count(answer.Settings.Count, "setting")} that is a candidate; {requests}"
            : answer.Probability is { } probability
            ? $"The probability that it is the least of the {answer.Candidates.Count} {among} is {AdviceText.Probability(probability)}; "
                + requests
            : $"How sure it is that no other setting takes less cannot be told, because not every setting was repeated; {requests}";
    }

    private static string? Ties(Answer answer) => answer.Tied is not { Count: > 0 } tied ? null
        : $"{Count(tied.Count, "other setting")} cannot be told apart from it: "
            + $"{string.Join("; ", tied.Take(MaxNamed).Select(setting => setting.Words))}{(tied.Count > MaxNamed ? "; and others" : "")}.";

    private static string WhyNone(Answer answer) =>
        string.Join(' ', answer.Settings.GroupBy(setting => setting.NoCandidateReason!).OrderByDescending(group => group.Count())
            .Select(group => $"Of {Count(answer.Settings.Count, "setting")} {group.Count()}: {group.Key}."));
}
