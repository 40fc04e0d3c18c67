using GreenServe.Records.Measurements;

namespace GreenServe.Simulation.Trust;

/// <summary>The bands of a run that worked with several settings.</summary>
internal static class WidestBands
{
    /// <summary>Bands that hold those of every setting, with every reason why one of them is extrapolated.</summary>
    /// <param name="settings">The bands of each setting; at least one.</param>
    internal static ErrorBands Of(IReadOnlyList<ErrorBands> settings) => settings.Count == 1 ? settings[0] : new ErrorBands
    {
        Share = settings[0].Share,
        Source = string.Join(" and ", settings.Select(bands => bands.Source).Distinct()),
        Ttft = Widest(settings.Select(bands => bands.Ttft)),
        Tbt = Widest(settings.Select(bands => bands.Tbt)),
        Throughput = Widest(settings.Select(bands => bands.Throughput)),
        Watts = Widest(settings.Select(bands => bands.Watts)),
        JoulesPerToken = Widest(settings.Select(bands => bands.JoulesPerToken)),
    };

    /// <summary>The widest band of a metric; <c>null</c> where a setting has none, because nothing is known of it.</summary>
    private static ErrorBand? Widest(IEnumerable<ErrorBand?> settings)
    {
        ErrorBand[] known = [.. settings.OfType<ErrorBand>()];
        string[] reasons = [.. known.Select(band => band.Extrapolated).OfType<string>().Distinct()];
        return known.Length < settings.Count() ? null : new ErrorBand
        {
            LowFactor = known.Min(band => band.LowFactor),
            HighFactor = known.Max(band => band.HighFactor),
            Extrapolated = reasons.Length == 0 ? null : string.Join("; ", reasons),
        };
    }
}
