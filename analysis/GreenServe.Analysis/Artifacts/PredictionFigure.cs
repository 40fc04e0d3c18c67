using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Formatting;
using GreenServe.Records;

namespace GreenServe.Analysis.Artifacts;

/// <summary>A measured value beside what a model said it would be.</summary>
/// <param name="Quantity">What it is, with its unit: the panel it belongs to.</param>
/// <param name="Group">What it has in common with others: their series.</param>
/// <param name="Measured">Measured; greater than 0.</param>
/// <param name="Predicted">Predicted; greater than 0.</param>
public sealed record PredictedValue(string Quantity, string Group, double Measured, double Predicted);

/// <summary>
/// Predicted against measured values: a panel for each quantity. Both axes are logarithmic and alike; on the diagonal both agree.
/// </summary>
public static class PredictionFigure
{
    // The dashed lines stand at this share to either side: what the note of the figure says.
    private const double Tolerance = 0.1;

    // More points than this hide each other and make the file large; evenly spaced ones are drawn.
    private const int MaxPointsOfSeries = 1500;

    // Room around the outermost points.
    private const double Margin = 1.2;

    /// <summary>Draws predicted values against measured ones.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="subtitle">What was predicted and where it was measured.</param>
    /// <param name="values">The values. Panels and series stand in the order in which their first values come.</param>
    public static Figure Of(string title, string subtitle, IReadOnlyList<PredictedValue> values)
    {
        string[] groups = [.. values.Select(value => value.Group).Distinct()];
        Panel[] panels = [.. values.Where(IsDrawn).GroupBy(value => value.Quantity).Select(part => Panel(part.Key, [.. part], groups))];
        return new Figure
        {
            Title = title,
            Subtitle = subtitle,
            Note = "Solid line: predicted as measured. Dashed: 10 % to either side. Each point is one measured value.",
            Panels = panels,
            Columns = Math.Min(2, Math.Max(1, panels.Length)),
            PanelHeight = 300,
            TextAlternative = string.Join(' ', panels.Select(panel => $"{panel.Title}, predicted against measured."))
                + " " + string.Join(' ', groups.Select(group => Summary(group, [.. values.Where(value => value.Group == group)]))),
        };
    }

    /// <summary>Writes a figure as <c>NAME.png</c> and <c>NAME.svg</c> into an existing folder.</summary>
    public static void Write(Figure figure, string folder, string name)
    {
        byte[] png = FigureRenderer.Png(figure);
        OutputFile.Replace(Path.Combine(folder, $"{name}.png"), stream => stream.Write(png));
        OutputFile.Replace(Path.Combine(folder, $"{name}.svg"), FigureRenderer.Svg(figure));
    }

    private static LinePanel Panel(string quantity, PredictedValue[] values, string[] groups)
    {
        double low = values.Min(value => Math.Min(value.Measured, value.Predicted)) / Margin;
        double high = values.Max(value => Math.Max(value.Measured, value.Predicted)) * Margin;
        FigureAxis Axis(string what) => new() { Label = $"{what} {quantity}", Scale = AxisScale.Log10 };
        Series Line(double factor, bool dashed) => new(
            "",
            new SeriesStyle(FigureInk.Frame, IsDashed: dashed, HasMarkers: false),
            [
                new FigurePoint(Math.Max(low, low / factor), Math.Max(low * factor, low)),
                new FigurePoint(Math.Min(high, high / factor), Math.Min(high * factor, high)),
            ]);
        return new LinePanel
        {
            Title = quantity,
            X = Axis("measured"),
            Y = Axis("predicted"),
            Series =
            [
                Line(1, dashed: false),
                Line(1 + Tolerance, dashed: true),
                Line(1 / (1 + Tolerance), dashed: true),
                .. groups.Index().Select(item => new Series(
                    item.Item,
                    new SeriesStyle(Palette.Of(item.Index), item.Index, IsOpen: item.Index % 2 == 0, IsJoined: false),
                    [.. Thin([.. values.Where(value => value.Group == item.Item)])
                        .Select(value => new FigurePoint(value.Measured, value.Predicted))])),
            ],
        };
    }

    private static IEnumerable<PredictedValue> Thin(PredictedValue[] values)
    {
        int stride = Math.Max(1, (values.Length + MaxPointsOfSeries - 1) / MaxPointsOfSeries);
        return values.Where((_, index) => index % stride == 0);
    }

    private static bool IsDrawn(PredictedValue value) => value.Measured > 0 && value.Predicted > 0;

    private static string Summary(string group, PredictedValue[] values)
    {
        if (values.Length == 0)
        {
            return "";
        }

        double error = values.Average(value => Math.Abs((value.Predicted / value.Measured) - 1));
        return $"{group}: {values.Length} values, mean absolute error {NumberText.Short(100 * error)} %.";
    }
}
