using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using SkiaSharp;

namespace GreenServe.Tests.Analysis.Figures.Drawing;

public sealed partial class FigureRendererTests
{
    private static readonly Figure Figure = new()
    {
        Title = "Energy <of> & time",
        Subtitle = "SIMULATED · 8 x H100",
        Note = "Error bars: 95 % interval between 3 runs.",
        Panels =
        [
            new LinePanel
            {
                Title = "Energy",
                X = new FigureAxis { Label = "Batch (sequences)", Scale = AxisScale.Log2, Ticks = [1, 4, 16] },
                Y = new FigureAxis { Label = "energy (J/token)", FromZero = true },
                Series =
                [
                    new Series("one", new SeriesStyle(Palette.Of(0)), [new(1, 8, 7, 9), new(4, 4, 3, 5), new(16, 2)]),
                    new Series("two", new SeriesStyle(Palette.Of(1), 1, IsDashed: true, IsOpen: true), [new(1, 9), new(16, 3)]),
                ],
                References = [new ReferenceLine("idle", 1)],
            },
            new BarPanel
            {
                Title = "Bars",
                X = new FigureAxis { Label = "Model", Scale = AxisScale.Category, Categories = ["a", "b"] },
                Y = new FigureAxis { Label = "power (W)" },
                Series = [new Series("bar", new SeriesStyle(Palette.Of(2)), [new(0, 3, 2, 4), new(1, 5)])],
            },
        ],
    };

    [Fact]
    public void Svg_HoldsEveryWordAsText_Always()
    {
        XDocument svg = XDocument.Parse(FigureRenderer.Svg(Figure));

        string[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
        Assert.All(
            ["Energy <of> & time", "SIMULATED · 8 x H100", "one", "two", "Batch (sequences)", "energy (J/token)", "16", "idle", "bar"],
            word => Assert.Contains(word, texts));
    }

    [Fact]
    public void Png_DrawsTheTitleAsPixels_Always()
    {
        using SKBitmap titled = SKBitmap.Decode(FigureRenderer.Png(Figure));
        using SKBitmap dot = SKBitmap.Decode(FigureRenderer.Png(Figure with { Title = "." }));

        int Dark(SKBitmap image) => Enumerable.Range(0, 60)
            .SelectMany(y => Enumerable.Range(0, image.Width).Select(x => image.GetPixel(x, y)))
            .Count(pixel => pixel.Red < 100);
        Assert.Equal(FigureRenderer.Width * FigureRenderer.PngScale, titled.Width);
        Assert.True(Dark(titled) > 500, $"{Dark(titled)} dark pixels in the title");
        Assert.True(Dark(dot) < 50, $"{Dark(dot)} dark pixels in the title of one dot");
    }

    [Fact]
    public void PngAndSvg_AreTheSameBytes_WhenDrawnTwice()
    {
        Assert.Equal(FigureRenderer.Svg(Figure), FigureRenderer.Svg(Figure));
        Assert.Equal(FigureRenderer.Png(Figure), FigureRenderer.Png(Figure));
    }

    [Fact]
    public void Svg_KeepsAllTextInsideTheFigure_Always()
    {
        XDocument svg = XDocument.Parse(FigureRenderer.Svg(Figure));

        double height = double.Parse(svg.Root!.Attribute("height")!.Value, CultureInfo.InvariantCulture);
        IEnumerable<XElement> texts = svg.Descendants()
            .Where(element => element.Name.LocalName == "text" && element.Attribute("transform") is null);
        Assert.All(texts, text =>
        {
            double[] x = [.. Numbers().Matches(text.Attribute("x")!.Value)
                .Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];
            double y = double.Parse(Numbers().Match(text.Attribute("y")!.Value).Value, CultureInfo.InvariantCulture);
            Assert.InRange(x.Max(), 0, FigureRenderer.Width);
            Assert.InRange(y, 0, height);
        });
    }

    [Fact]
    public void Svg_DrawsDashesAsShortLines_WhenASeriesIsDashed()
    {
        LinePanel panel = (LinePanel)Figure.Panels[0];
        Series dashedSeries = panel.Series[1];
        Series solidSeries = dashedSeries with { Style = dashedSeries.Style with { IsDashed = false } };
        Figure solid = Figure with { Panels = [panel with { Series = [solidSeries] }] };
        Figure dashed = Figure with { Panels = [panel with { Series = [dashedSeries] }] };

        int Lines(Figure figure) => XDocument.Parse(FigureRenderer.Svg(figure)).Descendants()
            .Count(element => element.Name.LocalName is "line" or "path");
        Assert.True(Lines(dashed) > Lines(solid) + 5, "a dashed line is missing from the SVG");
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
