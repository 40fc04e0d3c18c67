using GreenServe.Analysis.Formatting;

namespace GreenServe.Analysis.Figures;

/// <summary>Says in sentences what a figure shows, for readers who cannot see it.</summary>
internal static class FigureDescription
{
    // A listener loses the thread of more series than this; the table has all.
    private const int MaxTold = 3;

    // Of more bars than this the smallest and the largest are told.
    private const int MaxBars = 6;

    /// <summary>Describes panels in sentences: where each series begins and ends, with its smallest value, and the best cells.</summary>
    /// <param name="panels">The panels of a figure.</param>
    internal static string Of(IEnumerable<Panel> panels)
    {
        Panel[] all = [.. panels];
        return string.Join(' ', all.Select((panel, index) => Of(panel, index > 0 ? all[index - 1].X.Label : null)));
    }

    /// <summary>Describes a panel. The horizontal axis is named where it is not that of the panel before.</summary>
    private static string Of(Panel panel, string? before) => panel switch
    {
        LinePanel lines => $"{panel.Title} ({panel.Y.Label}){(panel.X.Label == before ? "" : $" against {panel.X.Label}")}: "
            + $"{Lines(lines, panel.X)}.",
        BarPanel bars => $"{panel.Title} ({panel.Y.Label}): {Join(bars.Series.Select(series => Bars(series, panel.X)))}.",
        HeatPanel heat => $"{panel.Title}: {Heat(heat)}.",
        _ => panel.Title,
    };

    private static string Lines(LinePanel panel, FigureAxis axis)
    {
        // What the legend does not name goes along with a series that it does.
        Series[] series = [.. panel.Series.Where(series => series.IsListed || series.Name.Length == 0)];
        IEnumerable<string> told = series.Take(MaxTold).Select(one => Line(one, axis));
        return Join(series.Length > MaxTold ? told.Append($"{series.Length - MaxTold} more series are in the table") : told);
    }

    private static string Line(Series series, FigureAxis axis)
    {
        string name = series.Name.Length > 0 ? $"{series.Name} " : "";
        if (series.Points.Count == 0)
        {
            return $"{name}has no points";
        }

        FigurePoint first = series.Points[0];
        FigurePoint last = series.Points[^1];
        FigurePoint least = series.Points.MinBy(point => point.Y)!;
        string extreme = least != first && least != last ? $", least {NumberText.Short(least.Y)} at {X(least, axis)}" : "";
        return series.Points.Count == 1
            ? $"{name}is {NumberText.Short(first.Y)} at {X(first, axis)}"
            : $"{name}goes from {NumberText.Short(first.Y)} at {X(first, axis)} to {NumberText.Short(last.Y)} at {X(last, axis)}{extreme}";
    }

    private static string Bars(Series series, FigureAxis axis)
    {
        string name = series.Name.Length > 0 ? $"{series.Name}: " : "";
        if (series.Points.Count <= MaxBars)
        {
            return name + string.Join(", ", series.Points.Select(point => $"{X(point, axis)} {NumberText.Short(point.Y)}"));
        }

        (FigurePoint least, FigurePoint most) = (series.Points.MinBy(point => point.Y)!, series.Points.MaxBy(point => point.Y)!);
        return $"{name}from {NumberText.Short(least.Y)} ({X(least, axis)}) to {NumberText.Short(most.Y)} ({X(most, axis)})";
    }

    private static string Heat(HeatPanel panel)
    {
        string best = Join(panel.Cells.Where(cell => cell.IsMarked).OrderByDescending(cell => cell.Row).Select(cell => cell.Text));
        int infeasible = panel.Cells.Count(cell => cell.Value is null);
        string crossed = infeasible > 0 ? $", of which {infeasible} are crossed ({panel.CrossLabel})" : "";
        string marked = best.Length > 0 ? $". Marked ({panel.MarkLabel}): {best}" : "";
        return $"{panel.Cells.Count} settings{crossed}{marked}";
    }

    private static string X(FigurePoint point, FigureAxis axis) =>
        axis.Scale == AxisScale.Category ? axis.Categories[(int)point.X] : NumberText.Short(point.X);

    private static string Join(IEnumerable<string> parts) => string.Join("; ", parts);
}
