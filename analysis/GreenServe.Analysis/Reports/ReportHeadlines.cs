using GreenServe.Analysis.Answers;

namespace GreenServe.Analysis.Reports;

/// <summary>What is said first in a report. Not escaped.</summary>
internal static class ReportHeadlines
{
    /// <summary>The findings, then the answers, then what simulated numbers may be off by.</summary>
    internal static IEnumerable<Headline> Of(ReportContent content) =>
    [
        .. content.Findings,
        .. AnswerHeadlines.First(content.Answers),
        .. new[] { TrustText.Of(content.Tables.Values) }.OfType<Headline>(),
    ];
}
