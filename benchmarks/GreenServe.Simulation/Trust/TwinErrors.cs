using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>The errors of a calibrated profile on runs of its own server that no constant was fitted to.</summary>
public static class TwinErrors
{
    /// <summary>Fewest operating points held out that tell a band.</summary>
    public const int MinPoints = 3;

    /// <summary>
    /// The bands on each accelerator, for the section <c>errors</c> of the engine profile. Repetitions of a run count as one. An
    /// accelerator with fewer than <see cref="MinPoints"/> held-out points in every metric is left out.
    /// </summary>
    /// <param name="report">Run records, each compared with its simulation.</param>
    public static IReadOnlyList<ErrorBands> Of(ValidationReport report) =>
    [
        .. report.Results.Where(result => result is { Setting: not null, Point.IsForCalibration: false })
            .GroupBy(result => result.Setting!.Gpu, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Of(group.Key, new ValidationReport([.. group])))
            .OfType<ErrorBands>(),
    ];

    /// <summary>Bands as the section <c>errors</c> of an engine profile, in YAML.</summary>
    /// <param name="bands">The bands; at least one.</param>
    public static string ToYaml(IReadOnlyList<ErrorBands> bands) => "errors:\n" + string.Concat(bands.Select(one =>
        string.Create(CultureInfo.InvariantCulture, $"  - share: {one.Share}\n")
        + $"    source: {DocumentContract.Canonical(one.Source)}\n"
        + (one.Gpu is { } gpu ? $"    gpu: {DocumentContract.Canonical(gpu)}\n" : "")
        + Line("ttft", one.Ttft) + Line("tbt", one.Tbt) + Line("throughput", one.Throughput) + Line("watts", one.Watts)
        + Line("joules_per_token", one.JoulesPerToken)));

    /// <summary>
    /// The bands of errors on one accelerator; <c>null</c> with fewer than <see cref="MinPoints"/> errors in every metric.
    /// </summary>
    /// <param name="gpu">Name of the accelerator.</param>
    /// <param name="logRatios">
    /// For each metric the natural logarithms of the measured over the predicted values, one of each operating point.
    /// </param>
    internal static ErrorBands? Of(string gpu, ILookup<PointMetric, double> logRatios)
    {
        int points = logRatios.Select(metric => metric.Count()).DefaultIfEmpty(0).Max();
        return points < MinPoints ? null : new ErrorBands
        {
            Share = ErrorBandRule.Share,
            Source = FormattableString.Invariant($"{points} operating points held out of the calibration"),
            Gpu = gpu,
            Ttft = BandOf(logRatios[PointMetric.Ttft]),
            Tbt = BandOf(logRatios[PointMetric.Tbt]),
            Throughput = BandOf(logRatios[PointMetric.Throughput]),
            Watts = BandOf(logRatios[PointMetric.Watts]),
            JoulesPerToken = BandOf(logRatios[PointMetric.JoulesPerToken]),
        };
    }

    private static ErrorBands? Of(string gpu, ValidationReport report) => Of(
        gpu,
        Enum.GetValues<PointMetric>()
            .SelectMany(metric => ValidatedError.Of(report, metric).Select(error => (Metric: metric, error.LogRatio)))
            .ToLookup(error => error.Metric, error => error.LogRatio));

    private static ErrorBand? BandOf(IEnumerable<double> errors) =>
        errors.Count() < MinPoints ? null : ErrorBandRule.Of(errors)!.Rounded();

    private static string Line(string name, ErrorBand? band) => band is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"    {name}: {{ low_factor: {band.LowFactor}, high_factor: {band.HighFactor} }}\n");
}
