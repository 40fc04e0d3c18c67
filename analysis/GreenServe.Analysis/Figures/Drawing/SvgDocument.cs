using System.Globalization;
using System.Xml.Linq;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Makes Skia's SVG small, the same every time, and readable without the font.</summary>
internal static class SvgDocument
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Cleans an SVG without changing the picture.</summary>
    /// <remarks>
    /// Text gets whole words, what was painted over goes, and names no longer depend on what the process drew before.
    /// </remarks>
    /// <param name="svg">The SVG as Skia writes it.</param>
    /// <param name="width">Width of the picture (px).</param>
    /// <param name="height">Height of the picture (px).</param>
    internal static string Clean(string svg, int width, int height)
    {
        XDocument document = XDocument.Parse(svg);
        foreach (XElement group in document.Descendants(Svg + "g").ToArray())
        {
            DropPaintedOver(group, width, height);
        }

        foreach (XElement text in document.Descendants(Svg + "text"))
        {
            JoinGlyphs(text);
        }

        RenameClips(document);
        return document.Declaration + "\n" + document.ToString(SaveOptions.None).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>Removes what was drawn before the last clearing of a canvas, and the clearing itself.</summary>
    /// <remarks>ScottPlot draws a panel twice to measure it. In SVG the clearing is a black rectangle, whose edges would show.</remarks>
    private static void DropPaintedOver(XElement group, int width, int height)
    {
        XElement? clearing = group.Elements(Svg + "rect").LastOrDefault(rectangle => rectangle.Attribute("fill") is null
            && Is(rectangle, "width", width) && Is(rectangle, "height", height));
        foreach (XElement element in clearing?.ElementsBeforeSelf().ToArray() ?? [])
        {
            element.Remove();
        }

        clearing?.Remove();
    }

    /// <summary>Joins the glyphs of a text, which Skia places one by one, to words.</summary>
    /// <remarks>
    /// The text starts where it did and states its length in Inter, so that the layout stays the same in a reader with another font.
    /// </remarks>
    private static void JoinGlyphs(XElement text)
    {
        string words = text.Value.Trim();
        bool isBold = text.Attribute("font-weight") is not null;
        float size = float.Parse(text.Attribute("font-size")?.Value ?? "12", CultureInfo.InvariantCulture);
        text.ReplaceNodes(words);
        text.SetAttributeValue("x", First(text.Attribute("x")));
        text.SetAttributeValue("y", First(text.Attribute("y")));
        text.SetAttributeValue("textLength", TextPen.Width(words, size, isBold).ToString("0.##", CultureInfo.InvariantCulture));
        text.SetAttributeValue("lengthAdjust", "spacingAndGlyphs");
        text.SetAttributeValue("font-family", "Inter, Helvetica, Arial, sans-serif");
        if (isBold)
        {
            text.SetAttributeValue("font-weight", "600");
        }
    }

    // Skia numbers clip paths through the life of the process; here they are numbered from 0 in each document.
    private static void RenameClips(XDocument document)
    {
        Dictionary<string, string> names = [];
        foreach (XElement clip in document.Descendants(Svg + "clipPath"))
        {
            string name = clip.Attribute("id")!.Value;
            names[name] = $"clip{names.Count}";
            clip.SetAttributeValue("id", names[name]);
        }

        foreach (XAttribute use in document.Descendants().Attributes("clip-path"))
        {
            string name = use.Value["url(#".Length..^1];
            use.Value = $"url(#{names.GetValueOrDefault(name, name)})";
        }
    }

    private static bool Is(XElement element, string attribute, int value) =>
        element.Attribute(attribute)?.Value == value.ToString(CultureInfo.InvariantCulture);

    private static string? First(XAttribute? list) => list?.Value.Split(',', 2)[0].Trim();
}
