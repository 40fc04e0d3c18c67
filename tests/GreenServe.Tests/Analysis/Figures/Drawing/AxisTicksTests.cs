using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;

namespace GreenServe.Tests.Analysis.Figures.Drawing;

public sealed class AxisTicksTests
{
    [Fact]
    public void For_BeginsAtZero_WhenHeightsAreCompared()
    {
        AxisTicks ticks = AxisTicks.For(new FigureAxis { Label = "", FromZero = true }, [40, 100]);

        Assert.Equal(0, ticks.Low);
        // 108 with the margin, in about five steps: 25 is the next round one.
        Assert.Equal(["0", "25", "50", "75", "100"], ticks.Ticks.Select(tick => tick.Text));
    }

    [Fact]
    public void For_TakesPowersOfTwo_WhenTheScaleIsBinary()
    {
        AxisTicks ticks = AxisTicks.For(new FigureAxis { Label = "", Scale = AxisScale.Log2 }, [1, 16]);

        Assert.Equal(["1", "2", "4", "8", "16"], ticks.Ticks.Select(tick => tick.Text));
        Assert.Equal(Math.Log10(16), ticks.Ticks[^1].Place, 1e-12);
    }

    [Fact]
    public void For_TakesDecades_WhenTheRangeIsWide()
    {
        AxisTicks ticks = AxisTicks.For(new FigureAxis { Label = "", Scale = AxisScale.Log10 }, [1, 10_000]);

        Assert.Equal(["1", "10", "100", "1000", "10,000"], ticks.Ticks.Select(tick => tick.Text));
    }

    [Fact]
    public void For_TakesEvenSteps_WhenALogarithmicRangeIsNarrow()
    {
        // From 5.2 to 7.7 with the margins, in about five steps of 0.5.
        AxisTicks ticks = AxisTicks.For(new FigureAxis { Label = "", Scale = AxisScale.Log10 }, [5.3, 7.5]);

        Assert.Equal(["5.5", "6", "6.5", "7", "7.5"], ticks.Ticks.Select(tick => tick.Text));
    }

    [Fact]
    public void Place_IsNowhere_WhenALogarithmCannotShowIt() =>
        Assert.Null(AxisTicks.Place(new FigureAxis { Label = "", Scale = AxisScale.Log10 }, 0));

    [Fact]
    public void For_HasARange_WhenThereIsNoValue() =>
        Assert.True(AxisTicks.For(new FigureAxis { Label = "" }, []) is { Low: < 1, High: 1 });

    [Fact]
    public void For_HasARange_WhenAllValuesAreEqual()
    {
        AxisTicks ticks = AxisTicks.For(new FigureAxis { Label = "" }, [5, 5]);

        Assert.True(ticks.Low < 5 && ticks.High > 5);
    }
}
