using ScottPlot;
using ScottPlot.TickGenerators;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Turns a panel into a plot of ScottPlot.</summary>
internal static class PanelPainter
{
    // All panels share their paddings (px), so that axes line up from panel to panel.
    private const float LeftPadding = 78;
    private const float RightPadding = 28;
    private const float BottomPadding = 46;
    private const float TopPadding = 6;

    // Height of each further line of a broken name (px).
    private const float NameLine = 13;

    // Room for the names of groups over a heat map, and beside the names of a category axis (px).
    private const float GroupNames = 14;
    private const float MinNamesPadding = 44;
    private const float BesideNames = 28;

    /// <summary>Room around the data of a panel (px).</summary>
    internal static PixelPadding Padding(Panel panel)
    {
        float left = panel.Y.Scale == AxisScale.Category
            ? Math.Max(MinNamesPadding, BesideNames + WidestName(panel.Y))
            : LeftPadding;
        bool grouped = panel is HeatPanel { Groups.Count: > 0 };
        float bottom = BottomPadding + (NameLine * (LinesOf(panel.X) - 1));
        return new PixelPadding(left, RightPadding, bottom, grouped ? TopPadding + GroupNames : TopPadding);
    }

    /// <summary>A plot of the panel, ready to be rendered. The caller disposes it.</summary>
    internal static Plot Paint(Panel panel)
    {
        Plot plot = new();
        plot.Font.Set(InterFont.Family);
        Style(plot);
        switch (panel)
        {
            case LinePanel lines:
                LinePainter.Paint(plot, lines);
                break;
            case BarPanel bars:
                BarPainter.Paint(plot, bars);
                break;
            case HeatPanel heat:
                HeatPainter.Paint(plot, heat);
                break;
            default:
                throw new ArgumentException($"No painter for {panel.GetType().Name}.", nameof(panel));
        }

        plot.Layout.Fixed(Padding(panel));
        return plot;
    }

    /// <summary>Sets range, ticks and label of both axes.</summary>
    internal static void SetAxes(Plot plot, Panel panel, AxisTicks x, AxisTicks y)
    {
        plot.Axes.SetLimits(x.Low, x.High, y.Low, y.High);
        plot.Axes.Bottom.TickGenerator = Generator(x);
        plot.Axes.Left.TickGenerator = Generator(y);
        plot.Axes.Bottom.Label.Text = panel.X.Label;
        plot.Axes.Left.Label.Text = panel.Y.Label;
        plot.Axes.Left.Label.OffsetX = -5;
    }

    private static int LinesOf(FigureAxis axis) => axis.BreaksNames
        ? axis.Categories.Select(name => AxisTicks.TextOf(axis, name).Count(letter => letter == '\n') + 1).DefaultIfEmpty(1).Max()
        : 1;

    private static float WidestName(FigureAxis axis) =>
        axis.Categories.Select(name => TextPen.Width(name, FigureInk.TickSize)).DefaultIfEmpty(0).Max();

    private static NumericManual Generator(AxisTicks axis) =>
        new([.. axis.Ticks.Select(tick => tick.Place)], [.. axis.Ticks.Select(tick => tick.Text)]);

    private static void Style(Plot plot)
    {
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Grid.MajorLineColor = Color.FromHex(FigureInk.Grid);
        plot.Grid.MajorLineWidth = 1;
        plot.HideLegend();
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.FrameLineStyle.Color = Color.FromHex(FigureInk.Frame);
            axis.MajorTickStyle.Color = Color.FromHex(FigureInk.Frame);
            axis.TickLabelStyle.FontName = InterFont.Family;
            axis.TickLabelStyle.FontSize = FigureInk.TickSize;
            axis.TickLabelStyle.ForeColor = Color.FromHex(FigureInk.Text);
            axis.Label.FontName = InterFont.Family;
            axis.Label.FontSize = FigureInk.LabelSize;
            axis.Label.Bold = false;
            axis.Label.ForeColor = Color.FromHex(FigureInk.Text);
        }

        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
    }
}
