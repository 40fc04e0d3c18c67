using System.Text;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Reports;
using GreenServe.Analysis.Reports.Interactive;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Documents;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>The page of an advice: one HTML file that needs no network and no other file, the advice first.</summary>
internal static class AdviceHtml
{
    private const string Title = "GreenServe advice";

    private static readonly (string Id, string Title)[] Sections =
    [
        ("advice", "Advice"), ("front", "What was tried"), ("finalists", "Finalists"), ("limits", "Limits of the SLO"),
        ("sensitivity", "Knobs one at a time"), ("capacity", "Capacity"), ("measured", "Measured settings"),
        ("verification", "Verification"), ("commands", "Commands to copy"), ("search", "The search"), ("files", "Files"),
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="document">The advice.</param>
    /// <param name="tables">The tables beside the page.</param>
    /// <param name="figures">The figures beside the page.</param>
    internal static string Of(AdviceDocument document, IReadOnlyList<ResultTable> tables, IReadOnlyList<AdviceFigure> figures)
    {
        StringBuilder page = new();
        PageData data = new();
        HtmlPage.AppendStart(page, Title, "advice", "Skip to the advice");
        foreach ((string id, string title) in Sections)
        {
            page.Append("<section id=\"").Append(id).Append("\"><h2>").Append(title).Append("</h2>\n");
            AppendSection(page, data, id, document, figures);
            if (id == "files")
            {
                AppendFiles(page, tables, figures);
            }

            page.Append("</section>\n");
        }

        HtmlPage.AppendEnd(page, data, [.. Sections.Select(section => new PageSection(section.Id, section.Title))]);
        return page.ToString();
    }

    private static void AppendSection(
        StringBuilder page, PageData data, string id, AdviceDocument document, IReadOnlyList<AdviceFigure> figures)
    {
        switch (id)
        {
            case "advice":
                AppendAdvice(page, document);
                break;
            case "front":
                AppendFigure(page, data, figures, ParetoChart.Name, "No setting has both numbers of this figure.");
                break;
            case "finalists":
                AppendFigure(page, data, figures, FinalistChart.Name, "There is no finalist: no setting that was tried is a candidate.");
                AdviceSettings.AppendFinalists(page, document);
                break;
            case "limits":
                AdvicePageSections.AppendRelaxations(page, document);
                break;
            case "sensitivity":
                AppendFigure(page, data, figures, SensitivityChart.Name, "No knob was varied around the recommended setting.");
                AdvicePageSections.AppendSensitivities(page, document);
                break;
            case "capacity":
                AdvicePageSections.AppendCapacity(page, document.Capacity);
                break;
            case "measured":
                AdviceSettings.AppendMeasured(page, document);
                break;
            case "verification":
                AdvicePageSections.AppendVerification(page, document);
                break;
            case "commands":
                AdvicePageSections.AppendCommands(page, document.Commands);
                break;
            case "search":
                AdvicePageSections.AppendSearch(page, document.Search);
                break;
        }
    }

    private static void AppendAdvice(StringBuilder page, AdviceDocument document)
    {
        AdvisedSetting? first = AdviceText.Shown(document);
        string badge = first is null ? "" : $"{HtmlTable.Badge(EnumText.Of(first.Evidence))} ";
        page.Append("<p class=\"question\">Which setting serves this workload within the SLO for the least ")
            .Append(HtmlText.Escape(ObjectiveNumbers.NameOf(document.Objective))).Append("?</p>\n");
        page.Append("<p class=\"headline\">").Append(badge).Append(HtmlText.Escape(AdvicePageText.Headline(document))).Append("</p>\n");
        foreach (string sentence in document.Sentences.Skip(1))
        {
            page.Append("<p>").Append(HtmlText.Escape(sentence)).Append("</p>\n");
        }

        foreach (string warning in document.Warnings)
        {
            page.Append("<p class=\"warning\">").Append(HtmlText.Escape(warning)).Append("</p>\n");
        }

        page.Append("<h3>The question</h3>\n<dl class=\"facts\">");
        foreach ((string name, string value) in Question(document))
        {
            page.Append("<dt>").Append(HtmlText.Escape(name)).Append("</dt><dd>").Append(HtmlText.Escape(value)).Append("</dd>");
        }

        page.Append("</dl>\n<details><summary>The workload as every run of the search served it</summary><pre tabindex=\"0\">")
            .Append(HtmlText.Escape(document.Workload.ToJsonString(DocumentContract.Indented))).Append("</pre></details>\n");
    }

    /// <summary>The inputs of the question, each with its name.</summary>
    internal static IEnumerable<(string Name, string Value)> Question(AdviceDocument document)
    {
        IReadOnlyList<MarkedSetting> all = MarkedSetting.All(document);
        string Distinct(Func<MarkedSetting, string> read) =>
            all.Count == 0 ? "not known: no setting was simulated" : string.Join(", ", all.Select(read).Distinct());
        IEnumerable<string> changes = document.WorkloadChanges.Select(change => change.TrimEnd('.'));
        yield return ("Workload", string.Join(". ", changes.Prepend(document.WorkloadName)));
        yield return ("Model", Distinct(item => item.Serving.Model));
        yield return ("GPU", $"{Distinct(item => item.Serving.Gpu)}, at most {document.GpuLimit}");
        yield return ("Engine", Distinct(item => item.Serving.Engine));
        yield return ("SLO", Slo(document.Slo));
        yield return ("Objective", $"least {ObjectiveNumbers.NameOf(document.Objective)} ({AdvicePageText.ObjectiveUnit(document)})");
        if (document.Grid is { } grid)
        {
            yield return ("Carbon and price of electricity", grid);
        }

        yield return ("Suite", document.SuiteVersion);
    }

    private static string Slo(SloProfile? slo) => slo is null
        ? "none: no latency is limited"
        : $"{slo.Name}: {string.Join("; ", slo.Limits.Select(limit =>
            $"{LimitText.NameOf(limit.Metric, limit.Percentile, limit.Classes)} up to "
            + AdvicePageText.Allowed(limit.LimitSeconds, limit.IsolatedMultiple)))}";

    private static void AppendFigure(
        StringBuilder page, PageData data, IReadOnlyList<AdviceFigure> figures, string name, string absent)
    {
        if (figures.FirstOrDefault(figure => figure.Name == name) is not { } shown)
        {
            page.Append("<p>").Append(HtmlText.Escape(absent)).Append("</p>\n");
            return;
        }

        page.Append("<p class=\"question\">").Append(HtmlText.Escape(shown.Question)).Append("</p>\n");
        HtmlFigure.Append(page, data, shown.Name, shown.Drawing, FigureRenderer.Svg(shown.Drawing));
    }

    private static void AppendFiles(StringBuilder page, IReadOnlyList<ResultTable> tables, IReadOnlyList<AdviceFigure> figures) =>
        page.Append("<p class=\"files\"><a href=\"").Append(AdviceDocument.FileName).Append("\">").Append(AdviceDocument.FileName)
            .Append("</a> holds everything that this page shows · ")
            .Append(HtmlText.ArtifactLinks(tables.Select(table => table.Name), figures.Select(figure => figure.Name))).Append("</p>\n");
}
