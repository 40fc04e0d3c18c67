using CsCheck;
using GreenServe.Analysis.Artifacts.Panels;

namespace GreenServe.Tests.Analysis.Artifacts.Panels;

public sealed class GridLayoutTests
{
    private static readonly Gen<AxisSize[]> Grids = Gen.Int[2, 40].Select(Gen.Bool).Array[1, 6]
        .Select(axes => axes.Select((axis, index) => new AxisSize($"axis {index}", axis.Item1, axis.Item2)).ToArray());

    [Fact]
    public void Of_StandsOneAxisAlongX()
    {
        GridLayout layout = Layout(Numbers("clock", 200))!;

        Assert.Equal(("clock", false), (layout.X.Name, layout.IsHeat));
    }

    [Fact]
    public void Of_PutsNamesBesideRows_AndTheLongerAxisOfNumbersUnderColumns()
    {
        GridLayout names = Layout(new AxisSize("model", 9, IsNumeric: false), new AxisSize("clock", 7, IsNumeric: true))!;
        GridLayout numbers = Layout(new AxisSize("clock", 7, IsNumeric: true), new AxisSize("batch", 9, IsNumeric: true))!;

        Assert.Equal(("clock", "model"), (names.X.Name, names.Y!.Name));
        Assert.Equal(("batch", "clock"), (numbers.X.Name, numbers.Y!.Name));
    }

    [Fact]
    public void Of_GivesEachPlaceOfAFurtherAxisAPanel_AndGroupsColumnsWhereThatMakesTooMany()
    {
        AxisSize[] axes = [Numbers("a", 4), Numbers("b", 4), Numbers("c", 5), Numbers("d", 4)];

        GridLayout three = Layout(axes[..3])!;
        GridLayout four = Layout(axes)!;

        Assert.Equal(["c"], three.Across.Select(axis => axis.Name));

        // 5 x 4 panels are too many. With the five places of c beside each other there are 20 columns and 4 panels.
        Assert.Equal(("c", 1), (four.Group!.Name, four.Across.Count));
    }

    [Fact]
    public void Of_FindsNone_WhereNoFigureShowsTheWholeGrid()
    {
        Assert.Null(Layout(new AxisSize("name", 25, IsNumeric: false)));
        Assert.Null(Layout(Numbers("a", 10), Numbers("b", 10), Numbers("c", 10), Numbers("d", 10)));

        // 40 columns are too many for a heat map; 12 curves of 40 numbers are not too many for a panel.
        Assert.False(Layout(Numbers("a", 40), Numbers("b", 12))!.IsHeat);
        Assert.Null(Layout(Numbers("a", 40), Numbers("b", 25)));
    }

    [Fact]
    public void Of_UsesEachAxisOnce_AndStaysWithinItsLimits() => Grids.Sample(axes =>
    {
        if (GridLayout.Of(axes) is { } layout)
        {
            AxisSize[] used = [.. new[] { layout.X, layout.Y, layout.Group }.OfType<AxisSize>(), .. layout.Across];
            Assert.Equal(axes.Select(axis => axis.Name).Order(), used.Select(axis => axis.Name).Order());
            Assert.InRange(layout.Across.Aggregate(1L, (panels, axis) => panels * axis.Places), 1, GridLayout.MaxPanels);
            Assert.True(!layout.IsHeat || (layout.Group?.Places ?? 1) * layout.X.Places <= GridLayout.MaxColumns);
        }
    });

    private static GridLayout? Layout(params AxisSize[] axes) => GridLayout.Of(axes);

    private static AxisSize Numbers(string name, int places) => new(name, places, IsNumeric: true);
}
