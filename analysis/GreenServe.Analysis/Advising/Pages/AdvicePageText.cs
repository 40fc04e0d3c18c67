using System.Globalization;
using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>The words in which pages and figures speak of an advice. Not escaped.</summary>
internal static class AdvicePageText
{
    /// <summary>Unit of the objective, short enough for a heading.</summary>
    internal static string ObjectiveUnit(AdviceDocument document) => document.Objective switch
    {
        AdviceObjective.Cost => $"{document.Currency ?? "currency"}/million tokens",
        AdviceObjective.Carbon => "gCO2e/million tokens",
        AdviceObjective.Power => "W",
        _ => "J/token",
    };

    /// <summary>The most important sentence of an advice.</summary>
    internal static string Headline(AdviceDocument document) => document.Sentences is [{ } first, ..] ? first
        : document.Finalists is [{ } best, ..] ? $"{best.Words}."
        : "No setting that was tried meets the SLO.";

    /// <summary>Why a setting is no candidate; <c>null</c> where it is one.</summary>
    internal static string? Refusal(AdvisedSetting setting) => setting switch
    {
        { Reasons.Count: > 0 } => string.Join("; ", setting.Reasons),
        { MeetsSlo: false } => "misses the SLO",
        { ObjectiveValue: null } => "the objective is not known",
        _ => null,
    };

    /// <summary>What a limit allows, for example <c>400 ms</c> or <c>5 x isolated</c>.</summary>
    internal static string Allowed(double? seconds, double? isolatedMultiple) => seconds is { } limit
        ? LimitText.TimeOf(limit)
        : isolatedMultiple is { } multiple ? $"{NumberText.Short(multiple)} x isolated" : "no limit";

    /// <summary>What was found at a limit, for example <c>312 of 400 ms, 78 % of the limit</c>.</summary>
    internal static string Found(LimitMargin limit)
    {
        string allowed = Allowed(limit.LimitSeconds, limit.IsolatedMultiple);
        string found = limit.FoundSeconds is { } seconds ? $"{LimitText.TimeOf(seconds)} of {allowed}" : $"limit {allowed}";
        return limit.Ratio is not { } ratio
            ? $"not known: nothing was tested, or a failed request stands at the percentile (limit {allowed})"
            : $"{found}, {Share(ratio)} of the limit{Range(limit)}";
    }

    /// <summary>What the error band leaves of the ratio to a limit; empty without a band.</summary>
    internal static string Range(LimitMargin limit) =>
        limit is { LowRatio: { } low, HighRatio: { } high } ? $" (error band {Share(low)} to {Share(high)})" : "";

    /// <summary>A share in percent.</summary>
    internal static string Share(double ratio) => $"{NumberText.Short(100 * ratio)} %";

    /// <summary>A change in percent with its sign, for example <c>+14 %</c>.</summary>
    internal static string Change(double ratio) => $"{(ratio > 0 ? "+" : "")}{NumberText.Short(Math.Round(100 * ratio, 2))} %";

    /// <summary>The energy of an output token with its interval and its error band.</summary>
    internal static string Joules(AdvisedSetting setting)
    {
        if (setting.JoulesPerOutputToken is not { } joules)
        {
            return "energy not measured";
        }

        string interval = setting is { LowJoulesPerOutputToken: { } low, HighJoulesPerOutputToken: { } high }
            ? $", 95 % interval {NumberText.Of(low)} to {NumberText.Of(high)}"
            : setting.Runs == 1 ? ", one run: no interval" : "";
        return $"{NumberText.Of(joules)} J/token{interval}" + Band(joules, setting.ErrorBands?.JoulesPerToken);
    }

    private static string Band(double value, ErrorBand? band) => band is null
        ? ""
        : $", error band {NumberText.Short(value * band.LowFactor)} to {NumberText.Short(value * band.HighFactor)}";

    /// <summary>Everything that is known of a setting, a line each.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="document">The advice it belongs to.</param>
    internal static IReadOnlyList<string> Details(AdvisedSetting setting, AdviceDocument document) =>
    [
        .. new[]
        {
            setting.Words,
            $"{EnumText.Of(setting.Evidence)}: {Runs(setting)}",
            Refusal(setting) is { } refusal ? $"No candidate: {refusal}" : null,
            Joules(setting),
            setting.JoulesPerRequest is { } request ? $"{NumberText.Of(request)} J/request" : null,
            setting.MeanWatts is { } watts ? $"{NumberText.Of(watts)} W" : null,
            setting.OutputTokensPerSecond is { } tokens ? $"{NumberText.Of(tokens)} output tokens/s" : null,
            setting.CostPerMillionTokens is { } cost ? $"{NumberText.Of(cost)} {document.Currency}/million tokens" : null,
            setting.GramsPerMillionTokens is { } grams ? $"{NumberText.Of(grams)} gCO2e/million tokens" : null,
        }.OfType<string>(),
        .. setting.Limits.Select(limit => $"{LimitText.NameOf(limit)}: {Found(limit)}"),
        .. new[] { setting.QualityNote }.OfType<string>(),
    ];

    /// <summary>What stands behind the numbers of a setting.</summary>
    internal static string Runs(AdvisedSetting setting) =>
        $"{setting.Runs} {(setting.Runs == 1 ? "run" : "runs")}, {setting.Requests.ToString("N0", CultureInfo.InvariantCulture)} requests";

    /// <summary>The evidence kinds of the runs of a verification; measured where there are no runs.</summary>
    internal static IEnumerable<string> Evidence(AdviceVerification verification) => verification.Settings
        .Select(setting => setting.Measured.Evidence).DefaultIfEmpty(EvidenceKind.Measured).Distinct().Select(kind => EnumText.Of(kind));

    /// <summary>
    /// How far each latency is from its prediction, for example <c>TTFT at P99 +12 %, within the error band</c>; empty without an SLO.
    /// </summary>
    internal static string LatencyErrors(VerifiedSetting setting) => string.Join("; ", setting.LatencyErrors.Select(error =>
    {
        string band = error.IsWithinBand switch
        {
            true => ", within the error band",
            false => ", outside of the error band",
            _ => "",
        };
        return $"{LimitText.NameOf(error.Metric, error.Percentile, error.Classes)} "
            + (error.ErrorRatio is { } ratio ? Change(ratio) + band : "not known");
    }));

    /// <summary>By how much a limit is looser, for example <c>100 ms more (1.25 times)</c>.</summary>
    internal static string Looser(LimitRelaxation looser)
    {
        string times = $"{NumberText.Short(looser.Factor)} times";
        return looser.AddedSeconds is { } seconds ? $"{LimitText.TimeOf(seconds)} more ({times})" : times;
    }

    /// <summary>What was searched, in sentences.</summary>
    internal static string Search(AdviceSearch search)
    {
        string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
        return $"The grid has {Count(search.Settings)} settings, of which {Count(search.Possible)} can exist. "
            + (search.IsExact
                ? "Every one of them was simulated. "
                : $"{Count(search.Simulated)} of them were simulated, and the others were ruled out or not looked at. ")
            + $"{Count(search.Simulations)} simulations served {Count(search.SimulatedRequests)} requests "
            + $"in {NumberText.Short(search.Seconds)} s.";
    }
}
