using ScottPlot;
using ScottPlot.Plottables;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>Draws error bars. Points without an interval get none.</summary>
internal static class ErrorBarPen
{
    // Decades. Where a logarithmic axis has no place for the lower end, the bar runs out of the panel.
    private const double BelowEveryAxis = 5;

    /// <summary>Adds the error bars of some points to a plot.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="axis">The vertical axis, which places the ends of the bars.</param>
    /// <param name="color">Colour as <c>#RRGGBB</c>.</param>
    /// <param name="placed">The points with their places on the axes.</param>
    internal static void Add(Plot plot, FigureAxis axis, string color, IEnumerable<(Coordinates At, FigurePoint Point)> placed)
    {
        (Coordinates At, double Down, double Up)[] bars = [.. placed
            .Where(point => point.Point is { Low: not null, High: not null } && point.Point.High > point.Point.Low)
            .Select(point => (
                point.At,
                Down: point.At.Y - (AxisTicks.Place(axis, point.Point.Low!.Value) ?? point.At.Y - BelowEveryAxis),
                Up: (AxisTicks.Place(axis, point.Point.High!.Value) ?? point.At.Y) - point.At.Y))];
        if (bars.Length == 0)
        {
            return;
        }

        ErrorBar errors = new([.. bars.Select(bar => bar.At.X)], [.. bars.Select(bar => bar.At.Y)], null, null, null, null)
        {
            YErrorNegative = [.. bars.Select(bar => bar.Down)],
            YErrorPositive = [.. bars.Select(bar => bar.Up)],
            Color = Color.FromHex(color),
            LineWidth = 1.3f,
            CapSize = 3,
        };
        plot.Add.Plottable(errors);
    }
}
