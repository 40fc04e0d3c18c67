using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The points of a figure as a table, for figures whose numbers stand in no other.</summary>
internal static class FigureTable
{
    /// <summary>One row a point, in the units of the axes.</summary>
    internal static ResultTable Of(string name, IReadOnlyList<Panel> panels) => new(
        name,
        [new("panel", true), new("series", true), new("horizontal_axis", true), new("x", true), new("vertical_axis", true), new("y", false)],
        [.. panels.SelectMany(panel => SeriesOf(panel).SelectMany(series => series.Points.Select(point => (object?[])
            [
                panel.Title, series.Name.Length > 0 ? series.Name : null, panel.X.Label,
                panel.X.Scale == AxisScale.Category ? panel.X.Categories[(int)point.X] : NumberText.Exact(point.X), panel.Y.Label, point.Y,
            ])))]);

    private static IReadOnlyList<Series> SeriesOf(Panel panel) => panel switch
    {
        LinePanel lines => lines.Series,
        BarPanel bars => bars.Series,
        _ => [],
    };
}
