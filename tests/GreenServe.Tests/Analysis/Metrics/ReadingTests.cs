using GreenServe.Analysis.Metrics;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class ReadingTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_HasAReasonInstead_WhenTheNumberIsNotFinite(double value)
    {
        Reading reading = Reading.Of(value);

        Assert.Null(reading.Value);
        Assert.Equal("the value is not finite", reading.NotMeasured);
    }

    [Fact]
    public void DividedBy_DividesTheErrorToo_WhenThereIsANumber()
    {
        Reading reading = Reading.Of(10, errorBound: 2).DividedBy(4, "no token");

        Assert.Equal((2.5, 0.5), (reading.Value!.Value, reading.ErrorBound!.Value));
    }

    [Fact]
    public void DividedBy_HasTheReason_WhenTheDivisorIsZero() =>
        Assert.Equal("not measured: no token", Reading.Of(10).DividedBy(0, "no token").ToString());

    [Fact]
    public void DividedBy_KeepsItsReason_WhenThereIsNoNumber() =>
        Assert.Equal("no meter", Reading.Missing("no meter").DividedBy(4, "no token").NotMeasured);
}
