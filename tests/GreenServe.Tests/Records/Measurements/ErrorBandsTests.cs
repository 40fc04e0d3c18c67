using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Analysis;

namespace GreenServe.Tests.Records.Measurements;

public sealed class ErrorBandsTests
{
    private static readonly ErrorBand Band = new() { LowFactor = 0.8, HighFactor = 1.25 };

    [Fact]
    public void Combined_AddsLogarithmsInQuadrature()
    {
        ErrorBand both = Band.Combined(0.8, 1.25);

        // Two errors of ln(1.25) make one of sqrt(2) times that.
        Assert.Equal(Math.Pow(1.25, Math.Sqrt(2)), both.HighFactor, 1e-12);
        Assert.Equal(1, both.LowFactor * both.HighFactor, 1e-12);
        Assert.Equal(Band.HighFactor, Band.Combined(1, 1).HighFactor, 1e-12);
    }

    [Fact]
    public void ExtrapolatedInWords_NamesTheMetrics_UnlessTheReasonIsOfAll()
    {
        ErrorBand far = Band with { Extrapolated = "no validation on X" };

        Assert.Equal("power: no validation on this GPU", SyntheticRun.SomeBands.ExtrapolatedInWords);
        Assert.Equal(
            "TTFT, TBT: no validation on X", new ErrorBands { Source = "s", Ttft = far, Tbt = far, Watts = Band }.ExtrapolatedInWords);
        Assert.Equal("no validation on X", new ErrorBands { Source = "s", Ttft = far, Tbt = far }.ExtrapolatedInWords);
        Assert.Null(new ErrorBands { Source = "s", Ttft = Band }.ExtrapolatedInWords);
    }

    [Theory]
    [InlineData("""{"source":"s","ttft":{"low_factor":0,"high_factor":1.2}}""", "$.ttft.low_factor")]
    [InlineData("""{"source":"s","ttft":{"low_factor":0.9,"high_factor":0.9}}""", "$.ttft.high_factor")]
    [InlineData("""{"source":"s","share":1}""", "$.share")]
    public void Bind_RefusesImpossibleBands(string json, string place)
    {
        GreenServe.Records.InvalidInputException exception = Assert.Throws<GreenServe.Records.InvalidInputException>(
            () => DocumentTree.Parse(json, "bands.yaml").Bind<ErrorBands>());

        Assert.Equal(place, Assert.Single(exception.Problems).Place);
    }
}
