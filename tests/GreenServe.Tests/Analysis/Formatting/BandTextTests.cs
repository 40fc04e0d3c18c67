using GreenServe.Analysis.Formatting;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Analysis.Formatting;

public sealed class BandTextTests
{
    [Theory]
    [InlineData(0.91, 1.09, "0.41 J/token ± 9 %")]
    [InlineData(0.914, 1.086, "0.41 J/token ± 9 %")]
    [InlineData(0.924, 1.047, "0.41 J/token, -8 to +5 %")]
    [InlineData(0.7, 1.4, "0.41 J/token, -30 to +40 %")]
    [InlineData(0.735, 1, "0.41 J/token, -27 to 0 %")]
    [InlineData(1, 1.31, "0.41 J/token, 0 to +31 %")]
    public void With_HasOnePercentage_WhereTheEndsAreTheSamePercent(double low, double high, string expected) =>
        Assert.Equal(expected, BandText.With("0.41 J/token", new ErrorBand { LowFactor = low, HighFactor = high }));

    [Fact]
    public void With_IsTheNumberAlone_WithoutABand() => Assert.Equal("3 W", BandText.With("3 W", null));
}
