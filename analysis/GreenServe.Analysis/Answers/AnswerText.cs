using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Answers;

/// <summary>An answer in sentences that are read one after the other. Not escaped.</summary>
internal static class AnswerText
{
    // More settings than this are counted instead of named.
    private const int MaxNamed = 5;

    // A latency of less than this share of another one is clearly lower.
    private const double ClearlyLower = 0.9;

    private static readonly string Simulated = EnumText.Of(EvidenceKind.Simulated);

    /// <summary>The sentences, the most important one first: setting, latencies, saving, how sure, what ties.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="opening">
    /// What the first sentence begins with; <c>null</c> for the evidence kind, which otherwise has to stand before it.
    /// </param>
    internal static IReadOnlyList<string> SentencesOf(Answer answer, string? opening = null)
    {
        string first = answer.Best is { } found ? Setting(answer, found) : None(answer);
        string begun = $"{opening ?? QuestionText.EvidenceOf(answer)}: {first}";
        return answer.Best is not { } best ? [begun] :
        [
            begun,
            .. new[]
            {
                Latency(answer, best), SavingAtEqualSize(answer, best), SavingWithFewerGpus(answer, best), AgainstOthers(answer, best),
                PriceOf(best), Sureness(answer, best), Ties(answer), QuickestOfTied(answer, best),
            }.OfType<string>(),
        ];
    }

    /// <summary>Number and noun, for example <c>2 GPUs</c>.</summary>
    internal static string Count(long count, string noun) =>
        $"{TailText.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A saving with its interval, for example <c>14 % (12 to 16 % between runs)</c>.</summary>
    internal static string Share(EnergySaving saving) => AdviceText.Percent(saving.Share)
        + (saving is { LowRatio: { } low, HighRatio: { } high }
            ? $" ({AdviceText.Percent(low)[..^2]} to {AdviceText.Percent(high)} between runs)"
            : "");

    /// <summary>
    /// Mean power and requests per second of a setting, for example <c>523 W and 5.1 requests/s</c>; empty where neither is known.
    /// </summary>
    internal static string RatesOf(AnswerSetting setting) => string.Join(" and ", new[]
    {
        setting.Of(MetricColumns.MeanWatts).Mean is { } watts ? $"{NumberText.Short(watts)} W" : null,
        setting.Of(MetricColumns.CompletedRequestsPerSecond).Mean is { } rate ? $"{NumberText.Short(rate)} requests/s" : null,
    }.OfType<string>());

    /// <summary>The latencies of a setting: those that the SLO limits, or TTFT and TBT; empty where none is known.</summary>
    internal static string LatenciesOf(Answer answer, AnswerSetting setting)
    {
        // A limit that is a multiple of the isolated latency tells no seconds.
        bool tellsSeconds = setting.SloFound is not null
            && answer.SloLimits?.Contains(LimitText.IsolatedLatency, StringComparison.Ordinal) != true;
        return string.Join("; ", new[] { setting.SloFound, tellsSeconds ? null : Percentiles(setting) }.OfType<string>());
    }

    /// <summary>What a million output tokens emit and cost, in a sentence; <c>null</c> where neither is known.</summary>
    internal static string? PriceOf(AnswerSetting setting)
    {
        string price = string.Join(" and ", new[]
        {
            setting.GramsPerMillionTokens is { } grams ? $"emit {NumberText.Rounded(grams)} gCO2e" : null,
            setting.CostPerMillionTokens is { } cost ? $"cost {NumberText.Rounded(cost)} {setting.Currency}" : null,
        }.OfType<string>());
        return price.Length == 0 ? null : $"A million output tokens of this setting {price}.";
    }

    private static string Setting(Answer answer, AnswerSetting best)
    {
        string rates = RatesOf(best);
        return $"{best.Words} on {QuestionText.Hardware(best)} serves {QuestionText.Of(answer)}{QuestionText.Goal(answer)} for "
            + $"{Energy(best)}{(rates.Length > 0 ? $", at {rates}" : "")}.";
    }

    private static string None(Answer answer)
    {
        IEnumerable<string> reasons = answer.Settings.GroupBy(setting => setting.NoCandidateKind!).OrderByDescending(group => group.Count())
            .Select(group => FormattableString.Invariant($"{group.Count()} {group.Key}"));
        return $"none of {Count(answer.Settings.Count, "setting")} is an answer for {QuestionText.Of(answer)}"
            + $"{QuestionText.Goal(answer)}: {string.Join(", ", reasons)}.";
    }

    private static string Energy(AnswerSetting setting)
    {
        MetricValue token = setting.JoulesPerOutputToken;
        return AdviceText.EnergyOf(token.Mean, token.Low, token.High, token.Band, setting.JoulesPerRequest.Mean);
    }

    private static string? Latency(Answer answer, AnswerSetting best) =>
        LatenciesOf(answer, best) is { Length: > 0 } found ? $"Latencies of this setting: {found}." : null;

    private static string? Percentiles(AnswerSetting best)
    {
        string text = string.Join("; ", new[]
        {
            Percentiles("TTFT", best, MetricColumns.TtftP50, MetricColumns.TtftP99),
            Percentiles("TBT", best, MetricColumns.TbtP50, MetricColumns.TbtP99),
        }.OfType<string>());
        return text.Length > 0 ? text : null;
    }

    private static string? Percentiles(string name, AnswerSetting best, MetricColumn middle, MetricColumn high) =>
        best.Of(middle).Mean is { } middleSeconds && best.Of(high).Mean is { } highSeconds
            ? $"{name} {LimitText.TimeOf(middleSeconds)} at P50 and {LimitText.TimeOf(highSeconds)} at P99"
            : null;

    private static string? SavingAtEqualSize(Answer answer, AnswerSetting best)
    {
        if (answer.DefaultOfEqualSize is not { } other)
        {
            return null;
        }

        string size = answer.Settings.Select(setting => setting.GpusUsed).Distinct().Count() > 1 ? " on as many GPUs" : "";
        string kept = answer.HasSlo ? "that keeps the SLO" : "that was tried";
        return other == best ? $"It is the default{size} itself: nothing {kept} saves energy{(size.Length > 0 ? " there" : "")}."
            : answer.SavingAtEqualSize is { } saving ? $"It {Against(saving, $"the default{size} ({other.Words}{Misses(other)})")}."
            : $"The default{size} ({other.Words}) has no number to compare with: {other.NoCandidateReason}.";
    }

    private static string? SavingWithFewerGpus(Answer answer, AnswerSetting best)
    {
        if (answer.SavingWithFewerGpus is not { } saving || answer.Default is not { } whole)
        {
            return null;
        }

        int others = whole.GpusUsed!.Value - best.GpusUsed!.Value;
        return $"It {Against(saving, $"the default on {Count(whole.GpusUsed.Value, "GPU")} ({whole.Words}{Misses(whole)})")}, if the other "
            + $"{(others == 1 ? "GPU is off or serves" : $"{Count(others, "GPU")} are off or serve")} something else.";
    }

    /// <summary>
    /// What the best of several models, or of other subjects, takes less than the others; <c>null</c> where knobs are turned.
    /// </summary>
    private static string? AgainstOthers(Answer answer, AnswerSetting best)
    {
        AnswerSetting[] others =
            [.. answer.Candidates.Where(setting => setting != best).OrderBy(setting => setting.JoulesPerOutputToken.Mean)];
        string Less(AnswerSetting other) => $"{Share(EnergySaving.Of(best, other)!)} less energy per output token than {other.Words}";
        return answer.Chosen != AxisRole.Subject || others.Length == 0 ? null
            : others.Length == 1 ? $"It takes {Less(others[0])}."
            : $"It takes {Less(others[0])}, which comes next, and {Less(others[^1])}, which takes the most.";
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
        string source = answer.Of(StandardColumns.Evidence) == Simulated ? " by the spread between runs" : "";
        return answer.Candidates.Count == 1
            ? $"It is the only candidate among {Count(answer.Settings.Count, "setting")}; {requests}"
            : answer.Probability is { } probability
            ? $"The probability that it is the least of the {answer.Candidates.Count} {among} is "
                + $"{AdviceText.Probability(probability)}{source}; {requests}"
            : $"How sure it is that no other setting takes less cannot be told, because not every setting was repeated; {requests}";
    }

    private static string? Ties(Answer answer)
    {
        if (answer.Tied is not { Count: > 0 } tied)
        {
            return null;
        }

        string more = tied.Count > MaxNamed ? FormattableString.Invariant($"; and {tied.Count - MaxNamed} more") : "";
        return $"{Count(tied.Count, "other setting")} cannot be told apart from it: "
            + $"{string.Join("; ", tied.Take(MaxNamed).Select(setting => setting.Words))}{more}.";
    }

    /// <summary>
    /// The setting of those that cannot be told apart whose TTFT at P99 is lowest, where it is clearly lower; <c>null</c> where it is not.
    /// </summary>
    private static string? QuickestOfTied(Answer answer, AnswerSetting best)
    {
        AnswerSetting? quickest = answer.Tied?.Where(setting => setting.Of(MetricColumns.TtftP99).Mean is not null)
            .MinBy(setting => setting.Of(MetricColumns.TtftP99).Mean);
        return quickest?.Of(MetricColumns.TtftP99).Mean is { } seconds && best.Of(MetricColumns.TtftP99).Mean is { } own
            && seconds < ClearlyLower * own
            ? $"Of these, {quickest.Words} has the lowest TTFT at P99: {LimitText.TimeOf(seconds)} in place of {LimitText.TimeOf(own)}."
            : null;
    }
}
