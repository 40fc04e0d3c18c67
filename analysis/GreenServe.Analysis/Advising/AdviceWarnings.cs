using GreenServe.Analysis.Formatting;

namespace GreenServe.Analysis.Advising;

/// <summary>What a reader of an advice must know before acting, made of the numbers of its document. Not escaped.</summary>
public static class AdviceWarnings
{
    /// <summary>Requests behind a percentile below which its tail says little.</summary>
    public const int MinRequests = TailText.MinRequests;

    /// <summary>The warnings, the most serious one first; each stands alone.</summary>
    /// <param name="advice">The document, of which everything but its sentences and warnings is read.</param>
    public static IReadOnlyList<string> Of(AdviceDocument advice) =>
    [
        .. AdviceText.Shown(advice) is { } shown ? OfSetting(advice, shown) : [],
        .. advice.Edges.Where(edge => !edge.IsLimit).Select(Edge),
        .. Carbon(advice),
        .. advice.RecordNotes,
    ];

    private static IEnumerable<string> OfSetting(AdviceDocument advice, AdvisedSetting setting) => new[]
    {
        Invalid(setting), Unmet(advice), Tails(setting), Extrapolated(setting), BandAgainstSaving(advice, setting), AtTheFarEnd(setting),
        setting.QualityNote,
    }.OfType<string>();

    private static string? Invalid(AdvisedSetting setting) => setting.Reasons.Count == 0
        ? null
        : $"The runs of {setting.Words} do not count: {string.Join("; ", setting.Reasons)}.";

    private static string? Unmet(AdviceDocument advice) =>
        advice.Finalists.Count == 0 ? "Nothing is recommended, because no setting that was tried meets the SLO." : null;

    private static string? Tails(AdvisedSetting setting) => TailText.Warning(setting.Requests);

    private static string? Extrapolated(AdvisedSetting setting) => setting.ErrorBands?.ExtrapolatedInWords is { } reason
        ? $"The simulator was not validated at this setting ({reason}). Its error bands there are guesses."
        : null;

    private static string? BandAgainstSaving(AdviceDocument advice, AdvisedSetting best)
    {
        if (advice.Finalists.Count == 0 || (advice.DefaultOfEqualSize ?? advice.Default) is not { ObjectiveValue: > 0 } standard
            || best.ObjectiveValue is not { } value || ObjectiveNumbers.BandOf(advice.Objective, best.ErrorBands) is not { } band)
        {
            return null;
        }

        double saving = 1 - (value / standard.ObjectiveValue.Value);
        double width = Math.Max(1 - band.LowFactor, band.HighFactor - 1);
        return saving > 0 && width > saving
            ? $"The simulator's error band ({BandText.Of(band)}) is wider than the saving against the default "
                + $"({AdviceText.Percent(saving)}). Two settings share most of that error, but only a measurement shows "
                + "that the saving is real."
            : null;
    }

    private static string? AtTheFarEnd(AdvisedSetting setting)
    {
        string[] limits = [.. setting.Limits.Where(limit => limit is { Ratio: <= 1, HighRatio: > 1 }).Select(LimitText.NameOf)];
        return limits.Length == 0
            ? null
            : $"Within the simulator's error band the setting may miss {string.Join(" and ", limits)}. The band is that of the mean; "
                + "percentiles may be off by more.";
    }

    private static string Edge(GridEdge edge)
    {
        string end = edge.IsHighest ? "highest" : "lowest";
        return $"{edge.Value} is the {end} {SettingText.NameOf(edge.Axis)} that was tried. "
            + $"A {(edge.IsHighest ? "higher" : "lower")} one may be better.";
    }

    private static IEnumerable<string> Carbon(AdviceDocument advice)
    {
        if (advice.Objective == AdviceObjective.Carbon)
        {
            yield return "The carbon intensity is one number for all times, so that carbon ranks the settings as joules per token do.";
        }
    }
}
