using System.Globalization;

namespace GreenServe.Analysis.Figures;

/// <summary>The one palette of all figures.</summary>
/// <remarks>
/// Named series: the colours of Okabe and Ito (2008), told apart with every common colour blindness, yellow left out as too faint
/// on white. Ordered series and heat maps: viridis (Smith and van der Walt, 2015), even in lightness, so that it also prints grey.
/// </remarks>
public static class Palette
{
    private static readonly string[] Named =
        ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#000000", "#7F7F7F"];

    private static readonly string[] Viridis =
        ["#440154", "#482878", "#3E4989", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725"];

    /// <summary>How many named colours there are; then they repeat with other markers.</summary>
    public static int NamedCount => Named.Length;

    /// <summary>Colour of the series with this number, as <c>#RRGGBB</c>.</summary>
    public static string Of(int index) => Named[index % Named.Length];

    /// <summary>Colour of step <paramref name="index"/> of an ordered scale, dark to light, without its palest end.</summary>
    public static string Ordered(int index, int count) => Interpolate(count < 2 ? 0 : 0.85 * index / (count - 1));

    /// <summary>Colour of a share in [0, 1], light (small) to dark (large).</summary>
    public static string Heat(double share) => Interpolate(1 - Math.Clamp(share, 0, 1));

    private static string Interpolate(double share)
    {
        double place = share * (Viridis.Length - 1);
        int below = Math.Min((int)place, Viridis.Length - 2);
        double rest = place - below;
        int Channel(int offset)
        {
            int from = int.Parse(Viridis[below].AsSpan(offset, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            int to = int.Parse(Viridis[below + 1].AsSpan(offset, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return (int)Math.Round(from + (rest * (to - from)));
        }

        return $"#{Channel(1):X2}{Channel(3):X2}{Channel(5):X2}";
    }
}
