using System.Globalization;
using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>The colours of figures on a dark page. Colours that differ on a light page differ here too, and none vanishes.</summary>
internal static class DarkPalette
{
    private const int Steps = 1000;

    // From the pale end of viridis as far as it can be seen on a dark page.
    private const double MaxShare = 0.8;

    private static readonly Dictionary<string, string> Named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["#0072B2"] = "#3D8BFF",
        ["#D55E00"] = "#F0703C",
        ["#009E73"] = "#2FBF8F",
        ["#E69F00"] = "#F5B83D",
        ["#56B4E9"] = "#8FD6FF",
        ["#CC79A7"] = "#E48FC0",
        ["#000000"] = "#F0F3F6",
        ["#7F7F7F"] = "#9AA4AF",
        ["#999999"] = "#9AA4AF",
        ["#BBBBBB"] = "#C8CFD6",
    };

    /// <summary>
    /// The colour, as <c>#RRGGBB</c>, that stands for another one. An ordered scale runs from light to dark instead of from dark to light.
    /// </summary>
    internal static string Of(string color) => Named.GetValueOrDefault(color) ?? Palette.Heat(MaxShare * ShareOf(color));

    /// <summary>Every colour of some figures with the one that stands for it.</summary>
    internal static IReadOnlyDictionary<string, string> For(IEnumerable<Figure> figures) => figures
        .SelectMany(figure => figure.Panels)
        .SelectMany(panel => panel switch
        {
            LinePanel lines => lines.Series.Select(series => series.Style.Color).Concat(lines.Bands.Select(band => band.Color)),
            BarPanel bars => bars.Series.Select(series => series.Style.Color),
            _ => [],
        })
        .Distinct().Order(StringComparer.Ordinal).ToDictionary(color => color, Of);

    /// <summary>The place of the nearest colour on the ordered scale, from 0 for its dark end to 1.</summary>
    private static double ShareOf(string color) =>
        (double)Enumerable.Range(0, Steps + 1).MinBy(step => Distance(color, Palette.Heat(1 - ((double)step / Steps)))) / Steps;

    private static int Distance(string one, string other) => new[] { 1, 3, 5 }.Sum(place =>
    {
        int difference = Channel(one, place) - Channel(other, place);
        return difference * difference;
    });

    private static int Channel(string color, int place) =>
        int.Parse(color.AsSpan(place, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
