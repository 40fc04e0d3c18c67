using System.Globalization;
using System.Text;
using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Reports.Interactive;

namespace GreenServe.Analysis.Reports;

/// <summary>
/// A figure on a page: an interactive chart, its picture for print and for readers without scripts, and its content in words.
/// </summary>
internal static class HtmlFigure
{
    // Charts on the page are a little higher than in the picture, because their text is.
    private const double HeightFactor = 1.15;

    /// <summary>Appends a figure.</summary>
    /// <param name="page">The page.</param>
    /// <param name="data">Takes the figure and its picture.</param>
    /// <param name="name">Name of the figure, unique on the page. Its picture lies beside the page as <c>artifacts/NAME.svg</c>.</param>
    /// <param name="figure">The figure.</param>
    /// <param name="svg">Its picture; <c>null</c> for none.</param>
    internal static void Append(StringBuilder page, PageData data, string name, Figure figure, string? svg)
    {
        data.Add(name, figure, svg);
        string safe = HtmlText.Escape(name);
        string words = HtmlText.Escape(figure.TextAlternative);
        page.Append("<figure data-figure=\"").Append(safe).Append("\">");
        if (svg is not null)
        {
            page.Append("<noscript><img loading=\"lazy\" src=\"").Append(ArtifactCaption.Folder).Append('/').Append(HtmlText.File(name))
                .Append(".svg\" alt=\"").Append(HtmlText.Escape(figure.Title)).Append(". In words below.\"></noscript>");
        }

        AppendChart(page, safe, figure);
        page.Append("<figcaption><p>").Append(HtmlText.Escape(figure.Subtitle)).Append("</p>");
        page.Append(figure.Note.Length > 0 ? $"<p>{HtmlText.Escape(figure.Note)}</p>" : "").Append("</figcaption></figure>\n");
        page.Append("<details class=\"words\"><summary>The figure in words</summary><p id=\"").Append(safe).Append("-words\">")
            .Append(words).Append("</p></details>\n");
    }

    /// <summary>
    /// The places of the panels and the legend. They have their heights before anything is drawn, so that a link to what follows lands
    /// there.
    /// </summary>
    private static void AppendChart(StringBuilder page, string safe, Figure figure)
    {
        string height = Math.Round(figure.PanelHeight * HeightFactor).ToString(CultureInfo.InvariantCulture);
        page.Append("<div class=\"chart scripted\" role=\"group\" aria-label=\"Interactive figure: ")
            .Append(HtmlText.Escape(figure.Title)).Append("\" aria-describedby=\"").Append(safe).Append("-words\">");
        AppendLegend(page, figure);
        page.Append("<div class=\"panels").Append(figure.Columns > 1 && figure.Panels.Count > 1 ? " two" : "").Append("\">");
        foreach (Panel panel in figure.Panels)
        {
            page.Append("<div><h4>").Append(HtmlText.Escape(panel.Title)).Append("</h4><div class=\"panel-plot\" style=\"height:")
                .Append(height).Append("px\" role=\"img\" aria-label=\"").Append(HtmlText.Escape(panel.Title))
                .Append("; values are in the table and in words below\"></div></div>");
        }

        page.Append("</div></div>");
    }

    private static void AppendLegend(StringBuilder page, Figure figure)
    {
        IEnumerable<Series> series = figure.Panels.SelectMany(panel => panel switch
        {
            LinePanel lines => lines.Series,
            BarPanel bars => bars.Series,
            _ => [],
        });
        string[] names = [.. series.Where(one => one.IsListed && one.Name.Length > 0).Select(one => one.Name).Distinct()];
        string[] bands = [.. figure.Panels.OfType<LinePanel>().SelectMany(panel => panel.Bands).Select(band => band.Name).Distinct()];
        if (names.Length + bands.Length < 2)
        {
            return;
        }

        const string Swatch = "<svg class=\"swatch\" width=\"18\" height=\"10\" aria-hidden=\"true\"></svg>";
        page.Append("<div class=\"series-keys\" role=\"group\" aria-label=\"Series: press to hide or show\">");
        foreach (string name in names)
        {
            page.Append("<button type=\"button\" aria-pressed=\"true\">").Append(Swatch).Append("<span>").Append(HtmlText.Escape(name))
                .Append("</span></button>");
        }

        foreach (string band in bands)
        {
            page.Append("<span class=\"band\">").Append(Swatch).Append("<span>").Append(HtmlText.Escape(band)).Append("</span></span>");
        }

        page.Append("</div>");
    }
}
