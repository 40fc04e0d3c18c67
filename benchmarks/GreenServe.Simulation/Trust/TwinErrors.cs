using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>The errors of a calibrated profile on runs of its own server that no constant was fitted to.</summary>
public static class TwinErrors
{
    /// <summary>Fewest operating points held out that tell a band.</summary>
    public const int MinPoints = 3;

    private const string HeldOut = " held out of the calibration";

    /// <summary>
    /// The bands on each accelerator, for the section <c>errors</c> of the engine profile. Repetitions of a run count as one. An
    /// accelerator with fewer than <see cref="MinPoints"/> held-out points in every metric is left out.
    /// </summary>
    /// <param name="report">Run records, each compared with its simulation.</param>
    public static IReadOnlyList<ErrorBands> Of(ValidationReport report) =>
    [
        .. report.Results.Where(result => result is { Setting: not null, Point.IsForCalibration: false })
            .GroupBy(result => result.Setting!.Gpu, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Of(group.Key, new ValidationReport([.. group])) is { } bands
                ? bands with { Compared = ComparedRange.Of([.. group.SelectMany(RunOf)]) }
                : null)
            .OfType<ErrorBands>(),
    ];

    /// <summary>Bands as the section <c>errors</c> of an engine profile, in YAML.</summary>
    /// <param name="bands">The bands; at least one.</param>
    public static string ToYaml(IReadOnlyList<ErrorBands> bands) => "errors:\n" + string.Concat(bands.Select(one =>
        string.Create(CultureInfo.InvariantCulture, $"  - share: {one.Share}\n")
        + $"    source: {DocumentContract.Canonical(one.Source)}\n"
        + (one.Gpu is { } gpu ? $"    gpu: {DocumentContract.Canonical(gpu)}\n" : "")
        + (one.Compared is { } compared ? $"    compared: {DocumentContract.Canonical(compared)}\n" : "")
        + Line("ttft", one.Ttft) + Line("tbt", one.Tbt) + Line("throughput", one.Throughput) + Line("watts", one.Watts)
        + Line("joules_per_token", one.JoulesPerToken)));

    /// <summary>
    /// The bands of errors on one accelerator; <c>null</c> with fewer than <see cref="MinPoints"/> errors in every metric.
    /// </summary>
    /// <param name="gpu">Name of the accelerator.</param>
    /// <param name="logRatios">
    /// For each metric the natural logarithms of the measured over the predicted values, one of each operating point.
    /// </param>
    /// <param name="source">What the operating points are.</param>
    internal static ErrorBands? Of(string gpu, ILookup<PointMetric, double> logRatios, string source)
    {
        int points = logRatios.Select(metric => metric.Count()).DefaultIfEmpty(0).Max();
        return points < MinPoints ? null : new ErrorBands
        {
            Share = ErrorBandRule.Share,
            Source = FormattableString.Invariant($"{points} operating points{source}"),
            Gpu = gpu,
            Ttft = BandOf(logRatios[PointMetric.Ttft]),
            Tbt = BandOf(logRatios[PointMetric.Tbt]),
            Throughput = BandOf(logRatios[PointMetric.Throughput]),
            Watts = BandOf(logRatios[PointMetric.Watts]),
            JoulesPerToken = BandOf(logRatios[PointMetric.JoulesPerToken]),
        };
    }

    /// <summary>The bands of a calibration, with what its runs cover; <c>null</c> with too few errors.</summary>
    /// <param name="gpu">Name of the accelerator.</param>
    /// <param name="held">The errors of what the constants do not know.</param>
    /// <param name="isCrossValidated">Whether each point was predicted from a fit to the others.</param>
    /// <param name="compared">What the runs cover.</param>
    internal static ErrorBands? Of(
        string gpu, ILookup<PointMetric, double> held, bool isCrossValidated, ComparedSettings? compared) =>
        Of(gpu, held, isCrossValidated ? ", each predicted from a fit to the others" : HeldOut) is { } bands
            ? bands with { Compared = compared }
            : null;

    /// <summary>Says that there are no bands, and why.</summary>
    /// <param name="points">Number of operating points that were held out or predicted from the others.</param>
    internal static string MissingText(int points) => FormattableString.Invariant(
        $"no error bands: {points} operating points held out or predicted from the others, {MinPoints} are needed");

    private static ErrorBands? Of(string gpu, ValidationReport report) => Of(
        gpu,
        Enum.GetValues<PointMetric>()
            .SelectMany(metric => ValidatedError.Of(report, metric).Select(error => (Metric: metric, error.LogRatio)))
            .ToLookup(error => error.Metric, error => error.LogRatio),
        HeldOut);

    private static IEnumerable<(SimulatedSystem System, double Requests)> RunOf(PointResult result) =>
        result.System is { } system ? [(system, result.Setting!.ConcurrentRequests)] : [];

    private static ErrorBand? BandOf(IEnumerable<double> errors) =>
        errors.Count() < MinPoints ? null : ErrorBandRule.Of(errors)!.Rounded();

    private static string Line(string name, ErrorBand? band) => band is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"    {name}: {{ low_factor: {band.LowFactor}, high_factor: {band.HighFactor} }}\n");
}
