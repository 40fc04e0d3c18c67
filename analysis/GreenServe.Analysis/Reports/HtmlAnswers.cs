using System.Text;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Reports;

/// <summary>The first screen of the report: the question, the setting of least energy, and the front it lies on.</summary>
/// <remarks>What stands here without scripts is the answer to the most telling question. The script answers the others.</remarks>
internal static class HtmlAnswers
{
    /// <summary>Appends the answers.</summary>
    internal static void Append(StringBuilder page, PageData data, ReportContent content)
    {
        foreach (Headline finding in content.Findings)
        {
            AppendHeadline(page, finding);
        }

        if (content.Answers.Count == 0)
        {
            page.Append(content.Findings.Count == 0 && HtmlRuns.TableOf(content) is null
                ? "<p>No experiment here has two settings to choose from.</p>\n"
                : "");
            return;
        }

        data.Questions = PageQuestions.Of(content.Answers, content.Captions);
        page.Append("<div class=\"ask scripted\" id=\"ask\" role=\"group\" aria-label=\"The question\"></div>\n<div class=\"answer\">\n");
        AppendSaid(page, content.Answers[0]);
        AppendFront(page);
        AppendWarnings(page, content.Answers[0]);
        page.Append("</div>\n");
        AppendMore(page, data, content);
    }

    private static void AppendSaid(StringBuilder page, Answer answer)
    {
        IReadOnlyList<string> sentences = AnswerText.SentencesOf(answer);
        string evidence = answer.Of(StandardColumns.Evidence) ?? "";
        string begin = $"{QuestionText.EvidenceOf(answer)}: ";
        string first = sentences[0].StartsWith(begin, StringComparison.Ordinal) ? sentences[0][begin.Length..] : sentences[0];
        page.Append("<div class=\"said\"><div role=\"status\"><p class=\"headline\" id=\"sentence\">")
            .Append(HtmlTable.Badge(evidence)).Append(' ').Append(WithSetting(answer, first)).Append("</p>\n<ul id=\"sentences\">");
        foreach (string sentence in sentences.Skip(1))
        {
            page.Append("<li>").Append(HtmlGlossary.Linked(sentence)).Append("</li>");
        }

        page.Append("</ul></div>\n");
        AppendLimits(page);
        page.Append("</div>\n");
    }

    /// <summary>A sentence that begins with the setting of least energy, which is set off.</summary>
    private static string WithSetting(Answer answer, string sentence) =>
        answer.Best is { } best && sentence.StartsWith(best.Words, StringComparison.Ordinal)
            ? $"<strong>{HtmlText.Escape(best.Words)}</strong>{HtmlGlossary.Linked(sentence[best.Words.Length..])}"
            : HtmlGlossary.Linked(sentence);

    private static void AppendWarnings(StringBuilder page, Answer answer)
    {
        page.Append("<div class=\"before\"><h3>Before acting</h3><ul id=\"warnings\">");
        foreach (string warning in AnswerWarnings.Of(answer))
        {
            page.Append("<li>").Append(HtmlGlossary.Linked(warning)).Append("</li>");
        }

        page.Append("</ul></div>\n");
    }

    private static void AppendLimits(StringBuilder page)
    {
        page.Append("<fieldset class=\"bounds scripted\"><legend>Limits: what a request may wait</legend>\n");
        foreach (string name in new[] { "ttft", "tbt" })
        {
            string title = name.ToUpperInvariant();
            page.Append($"""<div class="bound"><label for="limit-{name}" id="limit-{name}-title">{title} at P99</label>""")
                .Append($"""<input type="range" id="limit-{name}" min="0" max="1" value="1" step="1">""")
                .Append($"""<output id="limit-{name}-text" for="limit-{name}">no limit</output></div>""").Append('\n');
        }

        page.Append("<label class=\"check\"><input type=\"checkbox\" id=\"keeps-slo\" checked> and keeps the SLO of the run</label>\n")
            .Append("<p id=\"slo-words\"></p></fieldset>\n");
    }

    private static void AppendFront(StringBuilder page) => page.Append("""
        <div class="front scripted"><div class="front-head"><h3>Energy against latency</h3>
        <label>Latency <select id="front-latency"><option value="ttft">TTFT</option><option value="tbt">TBT</option></select></label></div>
        <div class="front-plot" id="front-plot"></div>
        <div class="front-keys" aria-hidden="true">
        <span><svg width="16" height="16"><circle class="best" cx="8" cy="8" r="6"></circle></svg>least</span>
        <span><svg width="12" height="12"><circle class="dot" cx="6" cy="6" r="5"></circle></svg>candidate</span>
        <span><svg width="12" height="12"><circle class="dim" cx="6" cy="6" r="4.5"></circle></svg>no candidate</span>
        <span><svg width="12" height="12"><rect class="dot" x="1" y="1" width="10" height="10"></rect></svg>default</span>
        <span><svg width="22" height="12"><line class="joined" x1="0" x2="22" y1="6" y2="6"></line></svg>no candidate beats it
        in both</span></div>
        <div class="readout" id="readout" aria-live="polite"></div></div>

        """);

    private static void AppendMore(StringBuilder page, PageData data, ReportContent content)
    {
        page.Append("<details id=\"every-setting\" class=\"scripted\"><summary>Every setting of this question</summary>")
            .Append("<div class=\"every pinned\" id=\"settings-of-question\"></div></details>\n");
        HtmlTable.Append(
            page, data, AnswerTable.Of(content.Answers), AnswerTable.Name, $"Every question with its answer ({content.Answers.Count})",
            "Least-energy setting for each combination of inputs", $"{AnswerTable.Name}.csv");
        page.Append("<p class=\"files\"><a class=\"scripted\" id=\"chosen-figure\" href=\"#artifacts\">")
            .Append("The figure of this question</a> · Energy covers the GPUs that a setting uses. Files: ")
            .Append("<a href=\"answers.csv\">answers.csv</a> · ")
            .Append("<a href=\"settings.csv\">settings.csv</a></p>\n");
        if (TrustText.Of(content.Tables.Values) is { } trust)
        {
            page.Append("<details><summary>What simulated numbers may be off by</summary>");
            AppendHeadline(page, trust);
            page.Append("</details>\n");
        }
    }

    private static void AppendHeadline(StringBuilder page, Headline headline) => page.Append("<p class=\"headline\">")
        .Append(HtmlTable.Badge(headline.Evidence)).Append(' ').Append(HtmlGlossary.Linked(headline.Text)).Append("</p>\n");
}
