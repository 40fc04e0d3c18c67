using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Analysis.Answers;

/// <summary>What a reader of an answer must know before acting, each in a sentence that stands alone. Not escaped.</summary>
internal static class AnswerWarnings
{
    private const double LikelyShare = 0.5;

    // Probabilities are shown in tenths of a percent.
    private const int ShownDigits = 3;

    /// <summary>The warnings, the most serious one first.</summary>
    internal static IReadOnlyList<string> Of(Answer answer) => answer.Best is not { } best ? [] :
        [.. new[] { Unlikely(answer), BandAgainstSaving(answer, best) }.OfType<string>(), .. OfSetting(answer, best)];

    /// <summary>What a reader must know of a setting, whatever it is compared with.</summary>
    internal static IReadOnlyList<string> OfSetting(Answer answer, AnswerSetting setting) =>
    [
        .. new[]
        {
            TailText.Warning(setting.Requests), Extrapolated(setting), AdviceWarnings.AtTheFarEnd(setting.SloAtRisk),
        }.OfType<string>(),
        .. answer.EdgesOf(setting).Where(edge => !edge.IsLimit).Select(Edge),
        .. QualityNotes(answer, setting),
    ];

    /// <summary>Whether it is more likely than not that another setting takes less.</summary>
    internal static bool IsUnlikely(Answer answer) =>
        answer.Probability is { } probability && Math.Round(probability, ShownDigits) < LikelyShare;

    private static string? Unlikely(Answer answer) => answer.Probability is { } probability && IsUnlikely(answer)
        ? "It is more likely than not that another setting takes less: the probability that this one is the least is "
            + $"{AdviceText.Probability(probability)}."
        : null;

    // The reasons are long; they stand in a column of their own.
    private static string? Extrapolated(AnswerSetting best) => best.Extrapolated is null ? null : AdviceWarnings.Extrapolated(reason: null);

    private static string? BandAgainstSaving(Answer answer, AnswerSetting best) =>
        best.JoulesPerOutputToken.Band is { } band && answer.SavingAtEqualSize is { } saving && answer.DefaultOfEqualSize != best
            ? AdviceWarnings.BandWiderThanSaving(band, saving.Share)
            : null;

    // Analysis does not know the highest clock and cap of a device.
    private static string Edge(GridEdge edge) =>
        edge.IsHighest && GridAxes.Of(edge.Axis) is { Default: DefaultPlace.HighestPossible } knob
            ? $"{edge.Value} is the highest {knob.Words} that was tried. The device may allow a higher one."
            : AdviceWarnings.Edge(edge);

    /// <summary>What the choice of a number format or of a model costs in the quality of the answers.</summary>
    internal static IEnumerable<string> QualityNotes(Answer answer, AnswerSetting setting)
    {
        if (answer.VariesPrecision && setting.Precision is { } text
            && EnumText.TryParse(text, out Precision precision) && AdvisedRuns.QualityNoteOf(precision) is { } note)
        {
            yield return note;
        }

        if (answer.Knobs.Contains(GridAxes.Zeta))
        {
            yield return "Zeta weighs energy against the quality of the answers: compare that quality before you choose it.";
        }

        if (answer.Knobs.Contains(GridAxes.Model))
        {
            yield return "Models differ in the quality of their answers, which GreenServe does not judge.";
        }
    }
}
