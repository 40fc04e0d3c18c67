using GreenServe.Analysis.Statistics;

namespace GreenServe.Tests.Analysis.Statistics;

public sealed class HolmCorrectionTests
{
    [Fact]
    public void Adjust_MultipliesByTheTestsLeft_AndNeverFalls() =>
        Assert.Equal([0.03, 0.06, 0.06], HolmCorrection.Adjust([0.01, 0.03, 0.04]).Select(value => Math.Round(value, 12)));

    [Fact]
    public void Adjust_KeepsTheOrder_WhenPValuesAreNotSorted() =>
        Assert.Equal([0.9, 0.004], HolmCorrection.Adjust([0.9, 0.002]).Select(value => Math.Round(value, 12)));
}
