using ScottPlot;
using SkiaSharp;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>A dashed polyline made of short solid lines, because the SVG canvas knows no dashes and would leave the line out.</summary>
/// <param name="points">Places on the axes, in order.</param>
/// <param name="color">Colour.</param>
/// <param name="width">Width of the line (px).</param>
/// <param name="dash">Length of a dash (px).</param>
/// <param name="gap">Length of a gap (px).</param>
internal sealed class DashedLine(IReadOnlyList<Coordinates> points, Color color, float width, float dash, float gap) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using SKPaint paint = new()
        {
            Color = new SKColor(color.R, color.G, color.B, color.A),
            StrokeWidth = width,
            IsStroke = true,
            IsAntialias = true,
        };
        float along = 0;
        for (int index = 1; index < points.Count; index++)
        {
            along = DrawSegment(rp.Canvas, paint, Axes.GetPixel(points[index - 1]), Axes.GetPixel(points[index]), along);
        }
    }

    // The pattern runs on over corners: what is left of it goes to the next segment.
    private float DrawSegment(SKCanvas canvas, SKPaint paint, Pixel from, Pixel to, float along)
    {
        float length = MathF.Sqrt(((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)));
        float period = dash + gap;
        for (float start = -(along % period); start < length; start += period)
        {
            (float begin, float end) = (Math.Max(0, start), Math.Min(length, start + dash));
            if (end > begin)
            {
                canvas.DrawLine(
                    from.X + ((to.X - from.X) * begin / length), from.Y + ((to.Y - from.Y) * begin / length),
                    from.X + ((to.X - from.X) * end / length), from.Y + ((to.Y - from.Y) * end / length), paint);
            }
        }

        return along + length;
    }
}
