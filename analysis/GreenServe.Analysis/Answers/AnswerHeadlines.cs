using System.Globalization;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Answers;

/// <summary>The answers of an artifact in a few sentences that name settings. Not escaped.</summary>
internal static class AnswerHeadlines
{
    // More settings than this are counted instead of named.
    private const int MaxSettings = 3;

    // More questions than this are counted instead of named.
    private const int MaxQuestions = 3;

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
        select new Headline(headline.Evidence, headline.Text);

    /// <summary>
    /// The sentences of some answers of one artifact about one subject, each of which stands alone. The evidence kind has to stand before
    /// them.
    /// </summary>
    internal static IReadOnlyList<string> SentencesOf(IReadOnlyList<Answer> answers)
    {
        Answer[] known = [.. answers.Where(answer => answer.Best is not null)];
        return answers.Count == 1 ? [.. AnswerText.SentencesOf(answers[0], OpeningOf(answers[0])), .. AnswerWarnings.Of(answers[0])]
            : known.Length == 0 ? [.. Counted(answers, known), AnswerText.SentencesOf(answers[0], OpeningOf(answers[0]))[0]]
            : [Chosen(answers, known), .. Savings(known), .. Counted(answers, known), .. Example(known)];
    }

    /// <summary>The settings that are the least for most questions, and how many others there are.</summary>
    private static string Chosen(IReadOnlyList<Answer> answers, Answer[] known)
    {
        IGrouping<string, Answer>[] settings = [.. known.GroupBy(answer => answer.Best!.Words).OrderByDescending(group => group.Count())];
        int others = settings.Skip(MaxSettings).Sum(group => group.Count());
        string named = string.Join(", ", settings.Take(MaxSettings).Select((group, index) => $"{group.Key} for {Number(group.Count())}"
            + (index == 0 ? $" of {Count(answers.Count)}" : "") + (group.Count() < answers.Count ? $" ({Few(group)})" : "")));
        return $"The setting with the least energy per output token is {named}"
            + (others > 0 ? $", and {Number(settings.Length - MaxSettings)} other settings for {Number(others)}." : ".");
    }

    /// <summary>What the answers save at equal GPU count, and apart what fewer GPUs do.</summary>
    private static IEnumerable<string> Savings(Answer[] known)
    {
        (double Share, Answer Answer)[] equal = [.. SharesOf(known, answer => answer.SavingAtEqualSize)];
        if (equal.Length > 0)
        {
            yield return equal[^1].Share < ObjectiveNumbers.EqualShare
                ? "At equal GPU count none of them saves energy against the default."
                : $"At equal GPU count the savings against the default run from {Saved(equal[0])} to {Saved(equal[^1])}.";
        }

        (double Share, Answer Answer)[] fewer = [.. SharesOf(known, answer => answer.SavingWithFewerGpus)];
        if (fewer.Length > 0)
        {
            yield return $"For {Count(fewer.Length)} fewer GPUs than the default's are used: {Saved(fewer[0])} to {Saved(fewer[^1])} is "
                + "saved against all of them, if the others are off or serve something else.";
        }
    }

    /// <summary>How many of the answers a reader must not trust, and why.</summary>
    private static IEnumerable<string> Counted(IReadOnlyList<Answer> answers, Answer[] known)
    {
        Answer[] none = [.. answers.Where(answer => answer.Best is null)];
        (int Number, string Text)[] warnings =
        [
            (known.Count(answer => answer.Edges.Any(edge => !edge.IsLimit)),
                "the least lies on the edge of what was tried, so that a value beyond may be better"),
            (known.Count(answer => answer.Tied is { Count: > 0 }), "other settings cannot be told apart from the least"),
            (known.Count(answer => answer is { Tied: null, Candidates.Count: > 1 }),
                "not every setting was repeated, so that nothing tells how sure the answer is"),
            (known.Count(AnswerWarnings.IsUnlikely), "the probability of the least is under 50 %"),
            (known.Count(answer => answer.Best!.Requests < TailText.MinRequests),
                $"fewer than {TailText.Count(TailText.MinRequests)} requests stand behind the latencies"),
            (known.Count(answer => answer.Best!.Extrapolated is not null), "the simulator was not validated at the least"),
        ];
        return warnings.Where(warning => warning.Number > 0).Select(warning => $"For {Count(warning.Number)} {warning.Text}.")
            .Concat(none.Length > 0 ? [$"For {Count(none.Length)} no setting is an answer ({Few(none)})."] : []);
    }

    /// <summary>The answer in the middle of the savings, as an example.</summary>
    private static IEnumerable<string> Example(Answer[] known)
    {
        (double Share, Answer Answer)[] equal = [.. SharesOf(known, answer => answer.SavingAtEqualSize)];
        (Answer middle, string place) = equal.Length > 0 && equal[^1].Share >= ObjectiveNumbers.EqualShare
            ? (equal[(equal.Length - 1) / 2].Answer, "In the middle of the savings stands")
            : (known[(known.Length - 1) / 2], "One of them is");
        return [.. AnswerText.SentencesOf(middle, $"{place} {middle.Label}"), .. AnswerWarnings.QualityNotes(middle, middle.Best!)];
    }

    private static string OpeningOf(Answer answer) => answer.Best is null ? "No answer" : "Least energy";

    private static IEnumerable<(double Share, Answer Answer)> SharesOf(Answer[] known, Func<Answer, EnergySaving?> read) => known
        .Where(answer => read(answer) is not null).Select(answer => (read(answer)!.Share, answer)).OrderBy(pair => pair.Share);

    private static string Saved((double Share, Answer Answer) saving) => $"{AdviceText.Percent(saving.Share)} ({saving.Answer.Label})";

    /// <summary>The first of some questions by name, and how many more there are.</summary>
    private static string Few(IEnumerable<Answer> answers)
    {
        string[] labels = [.. answers.Select(answer => answer.Label)];
        return string.Join("; ", labels.Take(MaxQuestions))
            + (labels.Length > MaxQuestions ? $"; and {Number(labels.Length - MaxQuestions)} more" : "");
    }

    private static string SubjectOf(Answer answer) =>
        string.Join('\u001f', SubjectColumns.Select(answer.Of).Prepend(answer.Artifact).Append(answer.KnobWords));

    private static string Count(int questions) => AnswerText.Count(questions, "question");

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

    /// <summary>Their sentences, each of which stands alone. The evidence kind has to stand before them. Not escaped.</summary>
    internal IReadOnlyList<string> Sentences => AnswerHeadlines.SentencesOf(Answers);

    /// <summary>Their sentences as one text.</summary>
    internal string Text => string.Join(' ', Sentences);
}
