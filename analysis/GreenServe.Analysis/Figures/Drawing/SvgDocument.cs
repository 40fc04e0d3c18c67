using System.Globalization;
using System.Xml.Linq;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Makes Skia's SVG small, steady and readable without the font.</summary>
internal static class SvgDocument
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>The same picture with text in whole words, without what was painted over, with names that do not depend on what was drawn before.</summary>
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

    /// <summary>
    /// Removes what lies before the last clearing of a canvas: ScottPlot draws a panel twice to measure it, and clearing is a black
    /// rectangle in SVG, whose edges would show through.
    /// </summary>
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

    /// <summary>
    /// Skia places every glyph by itself, which pulls words apart in another font. Here a text starts where it did and says how long it is
    /// in Inter, so that a reader with another font keeps the layout.
    /// </summary>
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

    // Skia numbers clip paths through the life of the process.
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
