using GreenServe.Records.Measurements;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>
/// How often a measurement lies within its band, where the band comes from other campaigns alone: what a reader with a server that nobody
/// here measured may expect.
/// </summary>
/// <param name="Metric">The metric.</param>
/// <param name="Errors">Number of errors at points that no constant was fitted to.</param>
/// <param name="Campaigns">Number of campaigns that they belong to.</param>
/// <param name="CoveredShare">Share of those errors that lie within their bands; it should be near <see cref="ErrorBands.Share"/>.</param>
/// <param name="MeanLowFactor">Geometric mean of the bands' lower ends.</param>
/// <param name="MeanHighFactor">Geometric mean of the bands' upper ends.</param>
public sealed record BandCoverage(
    PointMetric Metric, int Errors, int Campaigns, double CoveredShare, double MeanLowFactor, double MeanHighFactor)
{
    /// <summary>The coverage of each metric on a validation. Metrics without points that no constant was fitted to are left out.</summary>
    /// <param name="report">The validation.</param>
    public static IReadOnlyList<BandCoverage> Of(ValidationReport report) =>
        [.. Enum.GetValues<PointMetric>().Select(metric => Of(metric, ValidatedError.Of(report, metric))).OfType<BandCoverage>()];

    private static BandCoverage? Of(PointMetric metric, IReadOnlyList<ValidatedError> errors)
    {
        (ValidatedError Error, ErrorBand Band)[] cases =
        [
            .. from error in errors
               where !error.IsFitted
               let band = ErrorBandRule.At(errors.Where(other => other.Campaign != error.Campaign), error.Setting)
               where band is not null
               select (error, band),
        ];
        return cases.Length == 0
            ? null
            : new BandCoverage(
                metric,
                cases.Length,
                cases.Select(item => item.Error.Campaign).Distinct().Count(),
                cases.Average(item => IsWithin(item.Error.LogRatio, item.Band) ? 1.0 : 0),
                Math.Exp(cases.Average(item => Math.Log(item.Band.LowFactor))),
                Math.Exp(cases.Average(item => Math.Log(item.Band.HighFactor))));
    }

    private static bool IsWithin(double logRatio, ErrorBand band) =>
        logRatio >= Math.Log(band.LowFactor) && logRatio <= Math.Log(band.HighFactor);
}
