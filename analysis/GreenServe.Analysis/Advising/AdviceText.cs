using System.Globalization;
using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Advising;

/// <summary>An advice in sentences, made of the numbers of its document. Not escaped.</summary>
public static class AdviceText
{
    /// <summary>The advice in sentences, the most important one first; each stands alone.</summary>
    /// <param name="advice">The document, of which everything but its sentences and warnings is read.</param>
    public static IReadOnlyList<string> SentencesOf(AdviceDocument advice) => advice.Finalists is not [var best, ..]
        ? [.. NothingFits(advice)]
        : [.. new[]
        {
            Setting(advice, best), Latency(best), Saving(advice, best), Sureness(advice, best), NearestLimit(best), Ties(advice, best),
            CautiousSetting(advice, best), Measured(advice, best), Knob(advice),
        }.OfType<string>(), .. advice.Relaxations.Select(Relaxation)];

    /// <summary>A probability in percent. It never says 0 % or 100 %, which nothing here can prove.</summary>
    /// <param name="probability">The probability, in [0, 1].</param>
    public static string Probability(double probability) => probability switch
    {
        > 0.999 => "above 99.9 %",
        < 0.001 => "below 0.1 %",
        _ => $"{(100 * probability).ToString("0.#", CultureInfo.InvariantCulture)} %",
    };

    /// <summary>A number of J, W, money or grams in the unit of the objective, for example <c>0.412 J per output token</c>.</summary>
    internal static string ObjectiveOf(AdviceDocument advice, double value) =>
        $"{NumberText.Short(value)} {ObjectiveNumbers.UnitOf(advice.Objective, advice.Currency)}";

    /// <summary>The setting that an advice is about: the recommended one, or the one that comes nearest to the SLO.</summary>
    internal static AdvisedSetting? Shown(AdviceDocument advice) => advice.Finalists is [var best, ..] ? best : advice.Nearest;

    /// <summary>Words with an upper-case letter first.</summary>
    internal static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>A share in percent, for example <c>14 %</c>.</summary>
    internal static string Percent(double share) =>
        $"{(100 * share).ToString(Math.Abs(share) < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture)} %";

    /// <summary>
    /// The energy of a setting, for example <c>0.412 J per output token (0.4 to 0.424 between runs), simulator ± 25 %, and 20.6 J per
    /// request</c>.
    /// </summary>
    /// <param name="tokenJoules">Energy of an output token (J); <c>null</c> where it is not known.</param>
    /// <param name="lowJoules">Lower end of its interval between runs (J); <c>null</c> without one.</param>
    /// <param name="highJoules">Upper end of its interval between runs (J); <c>null</c> without one.</param>
    /// <param name="band">What the simulated number may be off by; <c>null</c> where nothing tells it.</param>
    /// <param name="requestJoules">Energy of a request (J); <c>null</c> where it is not known.</param>
    internal static string EnergyOf(double? tokenJoules, double? lowJoules, double? highJoules, ErrorBand? band, double? requestJoules)
    {
        string energy = tokenJoules is { } joules ? $"{NumberText.Short(joules)} J per output token" : "an unknown energy";
        string interval = lowJoules is { } low && highJoules is { } high
            ? $" ({NumberText.Short(low)} to {NumberText.Short(high)} between runs)"
            : "";
        string error = BandText.Of(band) is { Length: > 0 } text ? $", simulator {text}," : "";
        return energy + interval + error + (requestJoules is { } whole ? $" and {NumberText.Short(whole)} J per request" : "");
    }

    private static string Setting(AdviceDocument advice, AdvisedSetting best)
    {
        string goal = best.MeetsSlo == true && advice.Slo is { } slo ? $" within the SLO {slo.Name}" : "";
        string objective = advice.Objective != AdviceObjective.Joules && best.ObjectiveValue is { } value
            ? $"{ObjectiveOf(advice, value)}, "
            : "";
        return $"{EvidenceOf(best)}: {best.Words} on {Gpus(best.Setting.Gpus)} serves {advice.WorkloadName}{goal} for {objective}"
            + $"{Energy(best)}{(best.MeanWatts is { } watts ? $" at {NumberText.Short(watts)} W" : "")}.";
    }

    private static string Energy(AdvisedSetting setting) => EnergyOf(
        setting.JoulesPerOutputToken,
        setting.LowJoulesPerOutputToken,
        setting.HighJoulesPerOutputToken,
        setting.ErrorBands?.JoulesPerToken,
        setting.JoulesPerRequest);

    /// <summary>The latencies that were found. A limit that applies to no request has none.</summary>
    private static string? Latency(AdvisedSetting best)
    {
        string[] found = [.. best.Limits.Where(limit => limit.Ratio is not null).Select(LimitText.Found)];
        return found.Length == 0 ? null : $"Latencies of this setting: {string.Join("; ", found)}.";
    }

    /// <summary>The saving at an equal number of accelerators, and apart the one that fewer accelerators bring.</summary>
    private static string? Saving(AdviceDocument advice, AdvisedSetting best)
    {
        bool usesAll = best.Setting.Gpus == advice.GpuLimit;
        string? equal = (usesAll ? advice.Default : advice.DefaultOfEqualSize) is { } same && Saved(best, same) is { } share
            ? Against(advice, share, $"the default on as many GPUs ({same.Words}{Misses(same)})")
            : null;
        string? whole = !usesAll && advice.Default is { } full && Saved(best, full) is { } all
            ? Against(advice, all, $"the default on {Gpus(full.Setting.Gpus)} ({full.Words}{Misses(full)})")
                + $", part of it because {Gpus(full.Setting.Gpus - best.Setting.Gpus)} "
                + $"{(full.Setting.Gpus - best.Setting.Gpus == 1 ? "is" : "are")} off"
            : null;
        return (equal, whole) switch
        {
            (null, null) => null,
            (null, _) => $"It {whole}. The default does not fit on {Gpus(best.Setting.Gpus)}, so that there is none to compare with.",
            (_, null) => $"It {equal}.",
            _ => $"It {equal}, and {whole}.",
        };
    }

    /// <summary>What a setting saves against another, or that it saves nothing.</summary>
    private static string Against(AdviceDocument advice, double share, string other)
    {
        string objective = ObjectiveNumbers.NameOf(advice.Objective);
        return Math.Abs(share) < ObjectiveNumbers.EqualShare ? $"takes the same {objective} as {other}"
            : share > 0 ? $"saves {Percent(share)} of the {objective} against {other}"
            : $"takes {Percent(-share)} more {objective} than {other}";
    }

    private static string Misses(AdvisedSetting setting) => setting.MeetsSlo == false ? ", which misses the SLO" : "";

    private static double? Saved(AdvisedSetting best, AdvisedSetting other) =>
        best.Evidence == other.Evidence && best.ObjectiveValue is { } value && other.ObjectiveValue is > 0 and var standard
            ? 1 - (value / standard)
            : null;

    private static string Sureness(AdviceDocument advice, AdvisedSetting best)
    {
        string requests = $"{best.Requests.ToString("N0", CultureInfo.InvariantCulture)} requests in "
            + $"{Count(best.Runs, "run")} stand behind these numbers.";
        return best.LeastProbability is { } probability && advice.Finalists.Count > 1
            ? $"The probability that it is the least of the {advice.Finalists.Count} finalists is {Probability(probability)}; {requests}"
            : requests;
    }

    private static string? NearestLimit(AdvisedSetting best) => best.Limits.Where(limit => limit.Ratio is not null)
        .MaxBy(limit => limit.Ratio) is { Ratio: { } ratio } nearest
        ? $"The limit nearest to binding is {LimitText.NameOf(nearest)}: {Percent(ratio)} of it is used."
        : null;

    private static string? Ties(AdviceDocument advice, AdvisedSetting best)
    {
        AdvisedSetting[] tied = [.. advice.Finalists.Skip(1).Where(finalist => finalist.IsTied)];
        return tied.Length == 0 || !best.IsTied ? null
            : $"{Count(tied.Length, "other finalist")} cannot be told apart from the least: "
                + $"{string.Join("; ", tied.Take(3).Select(setting => setting.Words))}{(tied.Length > 3 ? "; and others" : "")}. "
                + "The recommended one is the simplest of those within 1 % of the least.";
    }

    private static string? CautiousSetting(AdviceDocument advice, AdvisedSetting best) => advice.Cautious switch
    {
        null => best.Limits.Any(limit => limit.HighRatio > 1)
            ? "At the far end of the simulator's error bands no setting that was simulated meets the SLO."
            : null,
        { } cautious when cautious.Setting == best.Setting => "It meets the SLO even at the far end of the simulator's error bands.",
        { ExcessRatio: { } excess } cautious when best.Evidence == cautious.Evidence =>
            $"To meet the SLO even at the far end of the simulator's error bands, serve with {cautious.Words}: "
                + $"{More(excess)} {ObjectiveNumbers.NameOf(advice.Objective)}.",
        _ => null,
    };

    private static string? Measured(AdviceDocument advice, AdvisedSetting best) => best.Evidence == EvidenceKind.Simulated
        && advice.Measured.Where(setting => setting.IsFeasible)
            .MinBy(setting => setting.ObjectiveValue) is { ObjectiveValue: { } value } least
        ? $"{EvidenceOf(least)}, apart from the simulated numbers: {least.Words} is the least of "
            + $"{Count(advice.Measured.Count, "setting")} in your records, with {ObjectiveOf(advice, value)}."
        : null;

    private static string? Knob(AdviceDocument advice) => advice.Sensitivities switch
    {
        [{ SpanRatio: >= ObjectiveNumbers.EqualShare } knob, ..] =>
            $"The knob that matters most is the {SettingText.NameOf(knob.Axis)}: by it alone the "
                + $"{ObjectiveNumbers.NameOf(advice.Objective)} rises by up to {Percent(knob.SpanRatio)} within the SLO.",
        [_, ..] => $"No knob matters much: each alone raises the {ObjectiveNumbers.NameOf(advice.Objective)} by less than "
            + $"{Percent(ObjectiveNumbers.EqualShare)} within the SLO.",
        _ => null,
    };

    private static string More(double share) => Math.Abs(share) < ObjectiveNumbers.EqualShare ? "the same"
        : share > 0 ? $"{Percent(share)} more"
        : $"{Percent(-share)} less";

    private static string Relaxation(LimitRelaxation relaxation)
    {
        string name = LimitText.NameOf(relaxation.Metric, relaxation.Percentile, relaxation.Classes);
        string more = relaxation.AddedSeconds is { } seconds
            ? $"{LimitText.TimeOf(seconds)} more {name}"
            : $"A limit on {name} that is looser by {Percent(relaxation.Factor - 1)}";
        return $"{more} saves {Percent(relaxation.SavingRatio)}: {relaxation.Setting}.";
    }

    private static IEnumerable<string> NothingFits(AdviceDocument advice)
    {
        if (advice.Nearest is not { } nearest)
        {
            yield return "No setting can be recommended: no simulated run counts.";
            yield break;
        }

        string[] failing = [.. nearest.Limits.Where(limit => limit.Ratio > 1)
            .Select(limit => $"{LimitText.Found(limit)}, {Percent(limit.Ratio!.Value - 1)} over it")];
        string reasons = string.Join("; ", failing.Concat(nearest.Reasons));
        yield return $"{EvidenceOf(nearest)}: no setting that was tried meets the SLO. The nearest is {nearest.Words} on "
            + $"{Gpus(nearest.Setting.Gpus)}{(reasons.Length > 0 ? $": {reasons}" : "")}.";
    }

    private static string EvidenceOf(AdvisedSetting setting) => Upper(EnumText.Of(setting.Evidence));

    private static string Gpus(int count) => Count(count, "GPU");

    private static string Count(int count, string noun) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : "s")}";
}
