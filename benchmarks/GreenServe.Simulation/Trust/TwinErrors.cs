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
            .Where(bands => bands.Known.Count > 0),
    ];

    /// <summary>Bands as the section <c>errors</c> of an engine profile, in YAML.</summary>
    /// <param name="bands">The bands; at least one.</param>
    public static string ToYaml(IReadOnlyList<ErrorBands> bands) => "errors:\n" + string.Concat(bands.Select(one =>
        string.Create(CultureInfo.InvariantCulture, $"  - share: {one.Share}\n")
        + $"    source: {DocumentContract.Canonical(one.Source)}\n"
        + (one.Gpu is { } gpu ? $"    gpu: {DocumentContract.Canonical(gpu)}\n" : "")
        + Line("ttft", one.Ttft) + Line("tbt", one.Tbt) + Line("throughput", one.Throughput) + Line("watts", one.Watts)
        + Line("joules_per_token", one.JoulesPerToken)));

    private static ErrorBands Of(string gpu, ValidationReport report)
    {
        int points = Enum.GetValues<PointMetric>().Max(metric => ValidatedError.Of(report, metric).Count);
        return new ErrorBands
        {
            Share = ErrorBandRule.Share,
            Source = FormattableString.Invariant($"{points} operating points held out of the calibration"),
            Gpu = gpu,
            Ttft = BandOf(report, PointMetric.Ttft),
            Tbt = BandOf(report, PointMetric.Tbt),
            Throughput = BandOf(report, PointMetric.Throughput),
            Watts = BandOf(report, PointMetric.Watts),
            JoulesPerToken = BandOf(report, PointMetric.JoulesPerToken),
        };
    }

    private static ErrorBand? BandOf(ValidationReport report, PointMetric metric)
    {
        double[] errors = [.. ValidatedError.Of(report, metric).Select(error => error.LogRatio)];
        return errors.Length < MinPoints ? null : ErrorBandRule.Of(errors)!.Rounded();
    }

    private static string Line(string name, ErrorBand? band) => band is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"    {name}: {{ low_factor: {band.LowFactor}, high_factor: {band.HighFactor} }}\n");
}
