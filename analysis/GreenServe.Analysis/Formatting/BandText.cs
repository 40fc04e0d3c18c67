using System.Globalization;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Formatting;

/// <summary>Error bands as people read them beside a simulated number.</summary>
internal static class BandText
{
    // Ends that differ by less, in percent, are read as one.
    private const double MaxDifferencePercent = 5;

    /// <summary>A band in percent: <c>± 25 %</c>, or <c>-30 to +46 %</c> where its ends differ; empty without a band.</summary>
    internal static string Of(ErrorBand? band)
    {
        if (band is null)
        {
            return "";
        }

        double low = 100 * (1 - band.LowFactor);
        double high = 100 * (band.HighFactor - 1);
        return Math.Abs(high - low) < MaxDifferencePercent
            ? string.Create(CultureInfo.InvariantCulture, $"± {Math.Max(low, high):0} %")
            : string.Create(CultureInfo.InvariantCulture, $"{(low < 0.5 ? "" : "-")}{low:0} to {(high < 0.5 ? "" : "+")}{high:0} %");
    }

    /// <summary>A number in words with its band after it.</summary>
    internal static string With(string number, ErrorBand? band) =>
        band is null ? number : Of(band) is ['±', ..] text ? $"{number} {text}" : $"{number}, {Of(band)}";
}
