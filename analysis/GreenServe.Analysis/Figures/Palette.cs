using System.Globalization;

namespace GreenServe.Analysis.Figures;

/// <summary>The palette of all figures.</summary>
/// <remarks>
/// Named series have the colours of Okabe and Ito (2008), which can be told apart with every common colour blindness. Yellow is left out,
/// because it is too faint on white. Ordered series and heat maps have viridis (Smith and van der Walt, 2015), which is even in lightness,
/// so that it also prints in grey.
/// </remarks>
internal static class Palette
{
    private static readonly string[] Named =
        ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#000000", "#7F7F7F"];

    private static readonly string[] Viridis =
        ["#440154", "#482878", "#3E4989", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725"];

    // The last 15 % of viridis are yellow, which is too faint on white.
    private const double MaxOrderedShare = 0.85;

    /// <summary>Number of named colours. Further series repeat the colours with other markers.</summary>
    public static int NamedCount => Named.Length;

    /// <summary>Colour of a named series, as <c>#RRGGBB</c>.</summary>
    /// <param name="index">Number of the series, from 0.</param>
    public static string Of(int index) => Named[index % Named.Length];

    /// <summary>Colour of a step of an ordered scale, from dark to light without the palest end, as <c>#RRGGBB</c>.</summary>
    /// <param name="index">Number of the step, from 0.</param>
    /// <param name="count">Number of steps.</param>
    public static string Ordered(int index, int count) => Interpolate(count < 2 ? 0 : MaxOrderedShare * index / (count - 1));

    /// <summary>Colour of a share, from light for 0 to dark for 1, as <c>#RRGGBB</c>.</summary>
    /// <param name="share">The share; values outside [0, 1] have the colour of the nearer end.</param>
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

/// <summary>The colours of phases and of parts of the energy, which are the same in every figure.</summary>
internal static class PhaseColors
{
    /// <summary>Colour of a phase or a part by its name, as <c>#RRGGBB</c>; black for an unknown name.</summary>
    internal static string Of(string part) => part switch
    {
        "idle" => "#999999",
        "waiting" => "#BBBBBB",
        "loaded-idle" => "#CC79A7",
        "prefill" => "#E69F00",
        "decode" => "#56B4E9",
        "not split" => "#0072B2",
        "serving" => "#56B4E9",
        "unused" => "#CC79A7",
        "transition" => "#E69F00",
        "asleep" => "#009E73",
        _ => "#000000",
    };
}
