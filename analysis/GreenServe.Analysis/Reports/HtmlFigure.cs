using System.Text;
using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Reports;

/// <summary>A figure on a page: its picture, the interactive chart that a script puts in its place, and its content in words.</summary>
internal static class HtmlFigure
{
    /// <summary>Appends a figure.</summary>
    /// <param name="page">The page.</param>
    /// <param name="name">Name of the figure, unique on the page; the page's data hold the figure under it.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="figure">The figure.</param>
    /// <param name="svg">Its picture; <c>null</c> for none.</param>
    internal static void Append(StringBuilder page, string name, string title, Figure figure, string? svg)
    {
        string safe = HtmlText.Escape(name);
        string words = HtmlText.Escape(figure.TextAlternative);
        page.Append("<figure>");
        if (svg is not null)
        {
            page.Append("<img loading=\"lazy\" src=\"data:image/svg+xml;base64,")
                .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))).Append("\" alt=\"").Append(words).Append("\">");
        }

        page.Append("<div class=\"chart\" data-figure=\"").Append(safe).Append("\" role=\"group\" aria-label=\"Interactive figure: ")
            .Append(HtmlText.Escape(title)).Append("\" aria-describedby=\"").Append(safe)
            .Append("-words\" hidden></div>\n<figcaption><p>").Append(HtmlText.Escape(figure.Subtitle)).Append("</p><p>")
            .Append(HtmlText.Escape(figure.Note)).Append("</p></figcaption></figure>\n");
        page.Append("<details class=\"words\"><summary>The figure in words</summary><p id=\"").Append(safe).Append("-words\">")
            .Append(words).Append("</p></details>\n");
    }
}
