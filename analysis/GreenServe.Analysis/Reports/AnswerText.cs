using System.Globalization;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>An answer in a sentence. Not escaped.</summary>
/// <param name="Evidence">Evidence kind of the answer.</param>
/// <param name="Text">The sentence.</param>
public sealed record Headline(string Evidence, string Text);

/// <summary>The answers in sentences. Not escaped.</summary>
internal static class AnswerText
{
    private static readonly TextColumn[] SubjectColumns =
    [
        StandardColumns.System, StandardColumns.Engine, StandardColumns.Model, StandardColumns.Precision, StandardColumns.SloProfile,
    ];

    /// <summary>What is said first in a report: the findings, then the answers, then what simulated numbers may be off by.</summary>
    internal static IEnumerable<Headline> Of(ReportContent content) =>
    [
        .. content.Findings,
        .. Headlines(content.Answers),
        .. new[] { TrustText.Of(content.Tables.Values) }.OfType<Headline>(),
    ];

    /// <summary>One sentence for each evidence kind, system and model, on the artifact that shows most.</summary>
    internal static IEnumerable<Headline> Headlines(IReadOnlyList<Answer> answers) =>
        from kind in answers.GroupBy(answer => answer.Of(StandardColumns.Evidence)!)
        let artifact = Answer.Preferred.FirstOrDefault(name => kind.Any(answer => answer.Artifact == name)) ?? kind.First().Artifact
        from subject in kind.Where(answer => answer.Artifact == artifact).GroupBy(SubjectOf)
        select new Headline(kind.Key, Sentence([.. subject]));

    private static string SubjectOf(Answer answer) =>
        string.Join('\u001f', SubjectColumns.Select(answer.Of).Append(answer.KnobWords));

    private static string Sentence(Answer[] answers)
    {
        Answer first = answers[0];
        string? setting = first.Best is { } best ? first.SettingOf(best) : null;
        bool isShared = setting is not null && answers.All(answer => answer.Best is { } other && answer.SettingOf(other) == setting);
        int none = answers.Count(answer => answer.FeasibleSettings == 0);
        int broken = answers.Count(answer => answer.DefaultKeepsSlo == Answer.DefaultBreaksSlo && answer.FeasibleSettings > 0);
        string model = $"{first.Of(StandardColumns.Model)} ({KnobText.InWords(first.Of(StandardColumns.Precision))})";
        return $"{model} on {first.Of(StandardColumns.System)}, "
            + $"{first.Of(StandardColumns.Engine)}, {Slo(first)}: the least-energy choice of {first.KnobWords}"
            + $"{(isShared ? $" ({setting})" : "")} {Saved(answers)} against the default ({first.SettingOf(first.Default)})."
            + (broken > 0 ? $" For {broken} of {answers.Length} inputs the default itself breaks the SLO." : "")
            + (none > 0 ? $" For {none} of {answers.Length} inputs no setting keeps it." : "")
            + (first.Of(StandardColumns.Evidence) == EnumText.Of(EvidenceKind.Simulated) ? $" {ErrorOfSaving(first)}" : "");
    }

    /// <summary>What is known of the error of a simulated saving: published points that differ in that knob alone tell it.</summary>
    private static string ErrorOfSaving(Answer answer) => answer.KnobWords == "tensor parallelism"
        ? "Both numbers are simulated and share most of their error; simulator-errors-ratios says what is left."
        : $"Both numbers are simulated and share most of their error; what is left for a change of {answer.KnobWords} is not known.";

    private static string Slo(Answer answer) =>
        answer.Of(StandardColumns.SloProfile) is { } profile ? $"within the SLO {profile}"
        : answer.DefaultKeepsSlo == Answer.NoSloStated ? "with no SLO stated"
        : "within its SLO";

    private static string Saved(Answer[] answers)
    {
        double[] savings = [.. answers.Select(answer => answer.Saving?.Share).OfType<double>().Order()];
        return savings.Length switch
        {
            0 => "no saving can be stated",
            1 => $"saves {Percent(savings[0])} of the energy of a request",
            _ => $"saves {Percent(savings[0])} to {Percent(savings[^1])} of the energy of a request "
                + $"(median {Percent(NearestRank.Of(savings, 50)!.Value)} over {savings.Length} inputs)",
        };
    }

    private static string Percent(double ratio) => ratio.ToString("0.# %", CultureInfo.InvariantCulture);
}
