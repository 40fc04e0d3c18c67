using System.Globalization;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>The answers of an artifact in a few sentences that name settings. Not escaped.</summary>
internal static class AnswerHeadlines
{
    // More settings than this are counted instead of named.
    private const int MaxSettings = 3;

    private static readonly TextColumn[] SubjectColumns =
    [
        StandardColumns.Evidence, StandardColumns.System, StandardColumns.Engine, StandardColumns.Model, StandardColumns.Precision,
        StandardColumns.SloProfile,
    ];

    /// <summary>A headline for each artifact, evidence kind and subject, in the order of the answers.</summary>
    internal static IReadOnlyList<AnswerHeadline> Of(IEnumerable<Answer> answers) =>
    [
        .. answers.GroupBy(SubjectOf).Select(group => new AnswerHeadline(group.First().Artifact, [.. group])),
    ];

    /// <summary>The headlines of the most telling artifact of each evidence kind.</summary>
    internal static IEnumerable<Headline> First(IReadOnlyList<Answer> answers) =>
        from kind in answers.GroupBy(answer => answer.Of(StandardColumns.Evidence))
        from headline in Of(kind.Where(answer => answer.Artifact == kind.First().Artifact))
        select new Headline(kind.Key ?? "", headline.Text);

    /// <summary>The sentences of some answers of one artifact about one subject.</summary>
    internal static string TextOf(IReadOnlyList<Answer> answers)
    {
        Answer[] known = [.. answers.Where(answer => answer.Best is not null)];
        if (answers.Count == 1 || known.Length == 0)
        {
            return string.Join(' ', AnswerText.SentencesOf(answers[0]).Concat(AnswerWarnings.Of(answers[0])));
        }

        IGrouping<string, Answer>[] settings = [.. known.GroupBy(answer => answer.Best!.Words).OrderByDescending(group => group.Count())];
        string named = string.Join("; ", settings.Take(MaxSettings)
            .Select(group => $"{group.Key} for {Number(group.Count())} of {Number(answers.Count)} questions"));
        string more = settings.Length > MaxSettings
            ? $"; and {Number(settings.Length - MaxSettings)} other settings for the other "
                + Number(settings.Skip(MaxSettings).Sum(group => group.Count()))
            : "";
        Answer[] saving =
            [.. known.Where(answer => answer.SavingAtEqualSize is not null).OrderBy(answer => answer.SavingAtEqualSize!.Share)];
        Answer middle = saving.Length > 0 ? saving[(saving.Length - 1) / 2] : known[0];
        string range = saving.Length > 1
            ? $"At equal GPU count the savings against the default run from {Saved(saving[0])} to {Saved(saving[^1])}; "
                + $"in the middle stands {middle.Inputs}. "
            : "";
        return $"{AnswerText.EvidenceOf(answers[0])}: the setting with the least energy per output token is {named}{more}. {range}"
            + string.Join(' ', AnswerText.SentencesOf(middle));
    }

    private static string SubjectOf(Answer answer) =>
        string.Join('\u001f', SubjectColumns.Select(answer.Of).Prepend(answer.Artifact).Append(answer.KnobWords));

    private static string Saved(Answer answer) => $"{AdviceText.Percent(answer.SavingAtEqualSize!.Share)} ({answer.Inputs})";

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A finding in sentences. Not escaped.</summary>
/// <param name="Evidence">Evidence kind of the finding.</param>
/// <param name="Text">The sentences.</param>
public sealed record Headline(string Evidence, string Text);

/// <summary>The answers of one artifact about one evidence kind and subject.</summary>
/// <param name="Artifact">Name of the artifact.</param>
/// <param name="Answers">The answers; at least one.</param>
internal sealed record AnswerHeadline(string Artifact, IReadOnlyList<Answer> Answers)
{
    /// <summary>Their evidence kind.</summary>
    internal string Evidence => Answers[0].Of(StandardColumns.Evidence) ?? "";

    /// <summary>Their sentences, each of which stands alone. Not escaped.</summary>
    internal string Text => AnswerHeadlines.TextOf(Answers);
}
