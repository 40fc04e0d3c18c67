using GreenServe.Analysis.Figures.Drawing;

namespace GreenServe.Tests.Analysis.Figures.Drawing;

public sealed class InterFontTests
{
    [Fact]
    public void Regular_IsTheCarriedFontWithTheSignsOfFigures_Always()
    {
        Assert.Equal("Inter", InterFont.Regular.FamilyName);
        Assert.All(
            "µ≤Ω·²×αJWhs%",
            sign => Assert.True(InterFont.Regular.ContainsGlyph(sign), $"no glyph for {sign}"));
    }
}
