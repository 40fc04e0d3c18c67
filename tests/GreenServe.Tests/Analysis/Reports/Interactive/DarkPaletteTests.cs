using System.Globalization;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Reports.Interactive;

namespace GreenServe.Tests.Analysis.Reports.Interactive;

public sealed class DarkPaletteTests
{
    private const string DarkPage = "#0D1117";

    // WCAG 2.2, 1.4.11: graphics stand out from what is beside them by at least 3 to 1.
    private const double MinContrast = 3;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Of_KeepsEveryColourApartAndVisible_OnADarkPage(int ordered)
    {
        // 0 stands for the named colours.
        string[] colors = [.. (ordered == 0
            ? Enumerable.Range(0, Palette.NamedCount).Select(Palette.Of)
            : Enumerable.Range(0, ordered).Select(index => Palette.Ordered(index, ordered))).Select(DarkPalette.Of)];

        Assert.All(colors, color => Assert.True(Contrast(color, DarkPage) >= MinContrast, $"{color}: {Contrast(color, DarkPage)}"));
        for (int one = 0; one < colors.Length; one++)
        {
            for (int other = 0; other < one; other++)
            {
                // Of at most 442. Of eight ordered colours the nearest two are 31 apart on a light page.
                double distance = Distance(colors[one], colors[other]);
                Assert.True(distance > (ordered == 0 ? 70 : 20), $"{colors[one]} and {colors[other]}: {distance}");
            }
        }
    }

    [Fact]
    public void Of_TurnsBlackIntoALightColour_OnADarkPage() => Assert.True(Contrast(DarkPalette.Of("#000000"), DarkPage) > 10);

    private static double Distance(string one, string other) =>
        Math.Sqrt(Channels(one).Zip(Channels(other), (a, b) => (a - b) * (a - b)).Sum());

    private static double Contrast(string one, string other)
    {
        double[] both = [Luminance(one), Luminance(other)];
        return (both.Max() + 0.05) / (both.Min() + 0.05);
    }

    private static double Luminance(string color)
    {
        double[] linear = [.. Channels(color).Select(channel => channel / 255)
            .Select(share => share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4))];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static double[] Channels(string color) =>
    [
        .. new[] { 1, 3, 5 }
            .Select(place => (double)int.Parse(color.AsSpan(place, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
    ];
}
