using System.Text;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Formatting;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Reports;

/// <summary>The index page as Markdown.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes the report as Markdown.</summary>
    internal static string Of(ReportContent content)
    {
        IReadOnlyList<ArtifactCaption> captions = content.Captions;
        IReadOnlyList<ClaimResult> results = content.Claims;
        StringBuilder page = new();
        page.Append("# GreenServe: figures, tables and claims\n\n");
        foreach (Headline headline in ReportHeadlines.Of(content))
        {
            page.Append("- **").Append(headline.Evidence).Append("**: ").Append(Escape(headline.Text)).Append('\n');
        }

        foreach (AdviceLink advice in content.Advices)
        {
            page.Append("- Advice, **").Append(advice.Headline.Evidence).Append("**: ").Append(Escape(advice.Headline.Text))
                .Append(" [page](").Append(advice.Address).Append(")\n");
        }

        page.Append(content.Answers.Count > 0
            ? "- Every answer: [answers.csv](answers.csv); every setting: [settings.csv](settings.csv)\n\n"
            : "").Append(ReportText.Evidence(captions)).Append("\n\n");
        page.Append("Claims: ").Append(ReportText.ClaimCounts(results)).Append('\n');
        AppendAnswers(page, content);
        page.Append("\n## Figures\n");
        foreach (ArtifactCaption caption in captions)
        {
            AppendArtifact(page, caption);
        }

        page.Append("\n## Claims\n\n| Claim | Evidence | Subject | Result | Found | Bound | Source |\n")
            .Append("|---|---|---|---|---|---|---|\n");
        foreach (ClaimResult result in results.Where(result => ReportText.IsShown(result, results)))
        {
            page.Append("| ").Append(Escape(result.Claim.Statement)).Append(" (").Append(Escape(result.Claim.Id)).Append(") | ")
                .Append(EnumText.Of(result.Evidence)).Append(" | ").Append(Escape(result.Subject ?? "")).Append(" | ")
                .Append(result.VerdictText).Append(" | ").Append(Escape(ReportText.Found(result))).Append(" | ")
                .Append(Escape(result.Claim.Bound?.ToString() ?? "")).Append(" | ").Append(Escape(result.Claim.Source))
                .Append(" (").Append(ReportText.Reading(result.Claim.SourceRead)).Append(") |\n");
        }

        page.Append("\n## Limits\n\n");
        foreach (string limit in ReportText.Limits(captions, results.Count > 0))
        {
            page.Append("- ").Append(limit).Append('\n');
        }

        return page.ToString();
    }

    private static void AppendAnswers(StringBuilder page, ReportContent content)
    {
        page.Append(content.Answers.Count > 0 ? "\n## Answers\n\n" : "");
        foreach (AnswerHeadline answer in AnswerHeadlines.Of(content.Answers))
        {
            page.Append("- ").Append(Escape(answer.Artifact)).Append(", **").Append(answer.Evidence).Append("**: ")
                .Append(Escape(answer.Text)).Append('\n');
        }
    }

    private static void AppendArtifact(StringBuilder page, ArtifactCaption caption)
    {
        string folder = ArtifactCaption.Folder;
        page.Append("\n### ").Append(Escape(caption.Title)).Append("\n\n").Append(Escape(caption.Question)).Append("\n\n");
        page.Append("![").Append(Escape(caption.Figure.TextAlternative)).Append("](").Append(folder).Append('/').Append(caption.Name)
            .Append(".svg)\n\n");
        page.Append("Evidence: **").Append(string.Join(", ", caption.Evidence)).Append("**. ")
            .Append(Escape(ReportText.Setting(caption))).Append('\n');
        page.Append("Tables: ").AppendJoin(", ", caption.Tables.Select(table => $"[{table}]({folder}/{table})"));
        page.Append("; figure: [PNG](").Append(folder).Append('/').Append(caption.Name).Append(".png)\n");
    }

    private static string Escape(string text) => MarkdownText.Escape(text);
}
