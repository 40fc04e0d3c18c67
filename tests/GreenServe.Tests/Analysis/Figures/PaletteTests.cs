using GreenServe.Analysis.Figures;

namespace GreenServe.Tests.Analysis.Figures;

public sealed class PaletteTests
{
    [Theory]
    [InlineData("#0072B2", 0)]
    [InlineData("#7F7F7F", 7)]
    [InlineData("#0072B2", 8)]
    public void Of_RepeatsItsColours_WhenTheLastWasUsed(string color, int index) => Assert.Equal(color, Palette.Of(index));
}
