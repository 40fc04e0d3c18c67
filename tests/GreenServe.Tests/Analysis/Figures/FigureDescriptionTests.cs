using GreenServe.Analysis.Figures;

namespace GreenServe.Tests.Analysis.Figures;

public sealed class FigureDescriptionTests
{
    private static readonly FigureAxis Batch = new() { Label = "Batch" };

    [Fact]
    public void Of_NamesTheFirstSeriesAndCountsTheRest_WhereAPanelHasMany()
    {
        LinePanel panel = new()
        {
            Title = "Power",
            X = Batch,
            Y = new FigureAxis { Label = "W" },
            Series = [.. Enumerable.Range(1, 5).Select(number => Rising($"run {number}", number))],
        };

        Assert.Equal(
            "Power (W) against Batch: run 1 goes from 1 at 1 to 2 at 2; run 2 goes from 2 at 1 to 3 at 2; "
                + "run 3 goes from 3 at 1 to 4 at 2; 2 more series are in the table. Energy (J): is 7 at 1.",
            FigureDescription.Of([panel, panel with
            {
                Title = "Energy",
                Y = new FigureAxis { Label = "J" },
                Series = [new Series("", new SeriesStyle("#000000"), [new FigurePoint(1, 7)])],
            }]));
    }

    [Fact]
    public void Of_TellsTheSmallestAndTheLargest_OfManyBars()
    {
        BarPanel panel = new()
        {
            Title = "Energy",
            X = new FigureAxis { Label = "Class", Scale = AxisScale.Category, Categories = ["a", "b", "c", "d", "e", "f", "g"] },
            Y = new FigureAxis { Label = "J" },
            Series = [new Series("chat", new SeriesStyle("#000000"), [.. Enumerable.Range(0, 7).Select(x => new FigurePoint(x, 10 - x))])],
        };

        Assert.Equal("Energy (J): chat: from 4 (g) to 10 (a).", FigureDescription.Of([panel]));
    }

    private static Series Rising(string name, double from) =>
        new(name, new SeriesStyle("#000000"), [new FigurePoint(1, from), new FigurePoint(2, from + 1)]);
}
