using GreenServe.Analysis.Formatting;
using GreenServe.Records.Measurements;

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

    /// <summary>Warns of a setting at which the simulator was not validated.</summary>
    /// <param name="reason">Why it was not; <c>null</c> where that stands elsewhere.</param>
    internal static string Extrapolated(string? reason) =>
        $"The simulator was not validated at this setting{(reason is null ? "" : $" ({reason})")}. Its error bands there are guesses.";

    /// <summary>Warns of an error band that is wider than a saving; <c>null</c> where it is not, or where nothing is saved.</summary>
    /// <param name="band">What the simulated number may be off by.</param>
    /// <param name="savingShare">Share that is saved against the default.</param>
    internal static string? BandWiderThanSaving(ErrorBand band, double savingShare) =>
        savingShare > ObjectiveNumbers.EqualShare && Math.Max(1 - band.LowFactor, band.HighFactor - 1) > savingShare
            ? $"The simulator's error band ({BandText.Of(band)}) is wider than the saving against the default "
                + $"({AdviceText.Percent(savingShare)}). Two settings share most of that error, but only a measurement shows "
                + "that the saving is real."
            : null;

    /// <summary>
    /// Warns of limits that a setting keeps, and may miss within the simulator's error band; <c>null</c> where there are none.
    /// </summary>
    /// <param name="limits">The limits in words.</param>
    internal static string? AtTheFarEnd(IReadOnlyList<string> limits) => limits.Count == 0
        ? null
        : $"Within the simulator's error band the setting may miss {string.Join(" and ", limits)}. The band is that of the mean; "
            + "percentiles may be off by more.";

    /// <summary>A knob at the edge of what was tried. Where nothing beyond it is allowed, the text says so.</summary>
    internal static string Edge(GridEdge edge)
    {
        string end = edge.IsHighest ? "highest" : "lowest";
        string beyond = edge.IsLimit ? "Nothing beyond it is allowed." : $"A {(edge.IsHighest ? "higher" : "lower")} one may be better.";
        return $"{edge.Value} is the {end} {SettingText.NameOf(edge.Axis)} that was tried. {beyond}";
    }

    private static IEnumerable<string> OfSetting(AdviceDocument advice, AdvisedSetting setting) => new[]
    {
        Invalid(setting), Unmet(advice), TailText.Warning(setting.Requests),
        setting.ErrorBands?.ExtrapolatedInWords is { } reason ? Extrapolated(reason) : null,
        BandAgainstSaving(advice, setting), AtTheFarEnd(LimitText.AtRisk(setting.Limits)),
        setting.QualityNote,
    }.OfType<string>();

    private static string? Invalid(AdvisedSetting setting) => setting.Reasons.Count == 0
        ? null
        : $"The runs of {setting.Words} do not count: {string.Join("; ", setting.Reasons)}.";

    private static string? Unmet(AdviceDocument advice) =>
        advice.Finalists.Count == 0 ? "Nothing is recommended, because no setting that was tried meets the SLO." : null;

    private static string? BandAgainstSaving(AdviceDocument advice, AdvisedSetting best)
    {
        if (advice.Finalists.Count == 0 || (advice.DefaultOfEqualSize ?? advice.Default) is not { ObjectiveValue: > 0 } standard
            || best.ObjectiveValue is not { } value || ObjectiveNumbers.BandOf(advice.Objective, best.ErrorBands) is not { } band)
        {
            return null;
        }

        double saving = 1 - (value / standard.ObjectiveValue.Value);
        return BandWiderThanSaving(band, saving);
    }

    private static IEnumerable<string> Carbon(AdviceDocument advice)
    {
        if (advice.Objective == AdviceObjective.Carbon)
        {
            string source = advice.Grid is { } grid ? $" ({grid})" : "";
            yield return $"The carbon intensity is one number for all times{source}, so that carbon ranks the settings as joules per token "
                + "do.";
        }
    }
}
