using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The points of a figure as a table, for figures whose numbers stand in no other.</summary>
internal static class FigureTable
{
    private static readonly Column<Row>[] Columns =
    [
        new TextColumn("panel").From<Row>(row => row.Panel.Title),
        new TextColumn("series").From<Row>(row => row.Series.Name.Length > 0 ? row.Series.Name : null),
        new TextColumn("horizontal_axis").From<Row>(row => row.Panel.X.Label),
        new TextColumn("x").From<Row>(row => Place(row.Panel.X, row.Point)),
        new TextColumn("vertical_axis").From<Row>(row => row.Panel.Y.Label),
        new NumberColumn("y").From<Row>(row => row.Point.Y),
    ];

    /// <summary>The points of a figure as a table: one row for each point, in the units of the axes.</summary>
    internal static ResultTable Of(string name, IReadOnlyList<Panel> panels) => new Table<Row>(name, Columns).Of(
        from panel in panels
        from series in SeriesOf(panel)
        from point in series.Points
        select new Row(panel, series, point));

    private static string Place(FigureAxis axis, FigurePoint point) =>
        axis.Scale == AxisScale.Category ? axis.Categories[(int)point.X] : NumberText.Exact(point.X);

    private static IReadOnlyList<Series> SeriesOf(Panel panel) => panel switch
    {
        LinePanel lines => lines.Series,
        BarPanel bars => bars.Series,
        _ => [],
    };

    private sealed record Row(Panel Panel, Series Series, FigurePoint Point);
}
