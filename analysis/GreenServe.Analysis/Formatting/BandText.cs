using System.Globalization;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Formatting;

/// <summary>Error bands as people read them beside a simulated number.</summary>
internal static class BandText
{
    /// <summary>A band in percent: <c>± 25 %</c>, or <c>-30 to +46 %</c> where its ends differ; empty without one.</summary>
    internal static string Of(ErrorBand? band)
    {
        if (band is null)
        {
            return "";
        }

        string low = Percent(1 - band.LowFactor);
        string high = Percent(band.HighFactor - 1);
        return low == high ? $"± {high} %" : $"{(low == "0" ? "" : "-")}{low} to {(high == "0" ? "" : "+")}{high} %";
    }

    /// <summary>A number in words with its band after it.</summary>
    internal static string With(string number, ErrorBand? band) =>
        band is null ? number : Of(band) is ['±', ..] text ? $"{number} {text}" : $"{number}, {Of(band)}";

    private static string Percent(double ratio) => (100 * ratio).ToString("0", CultureInfo.InvariantCulture);
}
