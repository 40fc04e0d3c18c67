using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The report: one HTML file that needs no network and no other file, the answer first.</summary>
internal static class HtmlReport
{
    private const string AnswerId = "answer";
    private const string AdviceId = "advice";
    private const string ArtifactsId = "artifacts";

    /// <summary>Writes the report as an HTML page.</summary>
    internal static string Of(ReportContent content)
    {
        StringBuilder page = new();
        PageData data = new();
        HtmlPage.AppendStart(page, ReportTitle.Of(content), AnswerId, "Skip to the answer");
        AppendAnswer(page, data, content);
        AppendAdvices(page, content.Advices);
        AppendArtifacts(page, data, content);
        if (content.Claims.Count > 0)
        {
            HtmlClaims.Append(page, data, content.Claims);
        }

        HtmlLimits.Append(page, content);
        HtmlGlossary.Append(page);
        HtmlPage.AppendEnd(page, data, Contents(content));
        return page.ToString();
    }

    private static PageSection[] Contents(ReportContent content) =>
    [
        new(AnswerId, "Answer and verdict"),
        .. content.Advices.Count > 0 ? [new PageSection(AdviceId, "Advice")] : Array.Empty<PageSection>(),
        new(ArtifactsId, "Figures")
        {
            Parts = [.. content.Captions.Select(caption => new PageSection(caption.Name, caption.Title))],
        },
        .. content.Claims.Count > 0 ? [new PageSection(HtmlClaims.Id, "Claims")] : Array.Empty<PageSection>(),
        new(HtmlLimits.Id, "Limits"),
        new(HtmlGlossary.Id, "Glossary"),
    ];

    private static void AppendAnswer(StringBuilder page, PageData data, ReportContent content)
    {
        page.Append("<section id=\"").Append(AnswerId).Append("\"><h2>").Append(QuestionOf(content)).Append("</h2>\n");
        if (HtmlRuns.TableOf(content) is { } runs)
        {
            HtmlRuns.Append(page, runs);
        }

        HtmlAnswers.Append(page, data, content);
        page.Append("<h3 id=\"verdict\">Verdict</h3>\n<ul>\n<li>").Append(HtmlGlossary.Linked(ReportText.Runs(content.Captions)))
            .Append("</li>\n<li>").Append(HtmlGlossary.Linked(ReportText.Evidence(content.Captions))).Append("</li>\n");
        if (content.Claims.Count > 0)
        {
            page.Append("<li><a href=\"#").Append(HtmlClaims.Id).Append("\">Claims</a>: ")
                .Append(HtmlText.Escape(ReportText.ClaimCounts(content.Claims))).Append(".</li>\n");
        }

        page.Append("</ul></section>\n");
    }

    private static string QuestionOf(ReportContent content) =>
        content.Findings.Count > 0 ? "What does a token cost on this server, at which load, within which latency?"
        : content.Answers.Count > 0 ? "Which setting serves these tokens for the fewest joules?"
        : HtmlRuns.TableOf(content) is not { } runs ? "What was found?"
        : runs.Rows.Count == 1 ? "What did this run take?"
        : "What did these runs take?";

    private static void AppendAdvices(StringBuilder page, IReadOnlyList<AdviceLink> advices)
    {
        if (advices.Count == 0)
        {
            return;
        }

        page.Append("<section id=\"").Append(AdviceId).Append("\"><h2>Advice</h2>\n");
        foreach (AdviceLink advice in advices)
        {
            page.Append("<p class=\"headline\">").Append(HtmlTable.Badge(advice.Headline.Evidence)).Append(' ')
                .Append(HtmlText.Escape(advice.Headline.Text)).Append(" <a href=\"").Append(HtmlText.Escape(advice.Address))
                .Append("\">Finalists, front and sensitivity</a></p>\n");
        }

        page.Append("</section>\n");
    }

    private static void AppendArtifacts(StringBuilder page, PageData data, ReportContent content)
    {
        page.Append("<section id=\"").Append(ArtifactsId).Append("\"><h2>Figures</h2>\n<p>Every figure is drawn from the CSV file ")
            .Append("named under it. Point at a mark for its numbers and interval; press a series' name to hide it.</p>\n");
        CommonNotes notes = CommonNotes.Of(content.Captions.Select(caption => caption.Figure));
        if (notes.Sentences.Count > 0)
        {
            page.Append("<p>").Append(HtmlGlossary.Linked(string.Join(' ', notes.Sentences))).Append("</p>\n");
        }

        HashSet<string> shown = [];
        ArtifactCaption? before = null;
        foreach (ArtifactCaption caption in content.Captions)
        {
            ResultTable[] tables = [.. caption.Tables.Where(shown.Add).Select(table => content.Tables[table])];
            HtmlArtifact.Append(page, data, caption, before, tables, content);
            before = caption;
        }

        page.Append("</section>\n");
    }
}
