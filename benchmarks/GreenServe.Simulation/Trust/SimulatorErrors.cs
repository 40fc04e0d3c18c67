using System.Collections.Concurrent;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>What the simulator may be off by at a setting, from its errors at the settings that were measured.</summary>
/// <remarks>
/// A calibrated profile that carries the errors on runs held out of its calibration gives those, on the accelerator that the runs were
/// measured on. For everything else the published points
/// of <see cref="ShippedValidation"/> decide, by <see cref="ErrorBandRule"/>.
/// </remarks>
public static class SimulatorErrors
{
    private static readonly ConcurrentDictionary<PointMetric, Evidence> Shipped = new();

    /// <summary>
    /// The bands of a simulated run. Where a lower clock or a power cap makes times and energies uncertain by themselves, that is part of
    /// them.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="summary">The result of the run.</param>
    /// <param name="users">Users of a closed loop, some of whom may wait; <c>null</c> for an open one.</param>
    public static ErrorBands For(SimulatedSystem system, SimulationSummary summary, int? users = null)
    {
        return Widened(
            For(system, summary.MeanSequences, users),
            (summary.StepTimeLowRatio, summary.StepTimeHighRatio),
            (summary.TotalLowJoules, summary.TotalJoules, summary.TotalHighJoules));
    }

    /// <summary>Bands that include what the uncertainty of lower clocks leaves of times and of energy.</summary>
    private static ErrorBands Widened(
        ErrorBands bands, (double Low, double High) timeRatio, (double Low, double Middle, double High) joules)
    {
        (double fast, double slow) = (Math.Min(1, timeRatio.Low), Math.Max(1, timeRatio.High));
        (double low, double high) = joules.Middle > 0
            ? (Math.Min(1, joules.Low / joules.Middle), Math.Max(1, joules.High / joules.Middle))
            : (1, 1);
        return bands with
        {
            Ttft = Combined(bands.Ttft, fast, slow),
            Tbt = Combined(bands.Tbt, fast, slow),
            Throughput = Combined(bands.Throughput, 1 / slow, 1 / fast),
            Watts = Combined(bands.Watts, low, high),
            JoulesPerToken = Combined(bands.JoulesPerToken, low, high),
        };
    }

    private static ErrorBand? Combined(ErrorBand? band, double lowFactor, double highFactor) =>
        lowFactor == 1 && highFactor == 1 ? band : band?.Combined(lowFactor, highFactor).Rounded();

    /// <summary>
    /// The bands of a simulated cluster: the widest of those of the settings with which its instances worked, and what the uncertainty of
    /// lower clocks adds. A cluster of several instances is extrapolated, because none was measured.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="summary">The result of the run.</param>
    public static ErrorBands For(ClusterDefinition cluster, ClusterSummary summary)
    {
        IReadOnlyList<SimulatedSystem> settings = WorkedSettings.Of(cluster, summary);
        ErrorBands bands = Widened(
            WidestBands.Of([.. settings.Select(system => For(system, summary.MeanSequences))]),
            (summary.StepTimeLowRatio, summary.StepTimeHighRatio),
            (summary.LowJoules, summary.TotalJoules, summary.HighJoules));
        int instances = summary.CompletedByReplica.Count;
        return instances == 1 ? bands : Marked(bands, $"no validation of a cluster of {instances} instances");
    }

    /// <summary>The bands of a simulated system.</summary>
    /// <param name="system">The system.</param>
    /// <param name="concurrentRequests">Requests that run at once, at least 1; smaller numbers count as 1.</param>
    public static ErrorBands For(SimulatedSystem system, double concurrentRequests) => For(system, concurrentRequests, users: null);

    private static ErrorBands For(SimulatedSystem system, double concurrentRequests, int? users)
    {
        SimulatedSetting setting = SimulatedSetting.Of(system, concurrentRequests);
        ErrorBands? own = system.Engine.Errors?.FirstOrDefault(bands => bands.Gpu is null || bands.Gpu == setting.Gpu);
        ErrorBands bands = own is null
            ? For(setting)
            : OfTwin(own, setting, system, Math.Max(users ?? 1, setting.ConcurrentRequests));
        return system.HostScaling is { IsScaled: true } host
            ? Marked(bands, $"host work scaled {host.Factors}, never compared")
            : bands;
    }

    /// <summary>The bands at a setting, from the published points.</summary>
    /// <param name="setting">The setting.</param>
    public static ErrorBands For(SimulatedSetting setting) => new()
    {
        Share = ErrorBandRule.Share,
        Source = "published points",
        Ttft = BandOf(PointMetric.Ttft, setting),
        Tbt = BandOf(PointMetric.Tbt, setting),
        Throughput = BandOf(PointMetric.Throughput, setting),
        Watts = BandOf(PointMetric.Watts, setting),
        JoulesPerToken = BandOf(PointMetric.JoulesPerToken, setting),
    };

    /// <summary>
    /// The share of the simulator's error, as a share of its variance, that two settings have in common, in (0, 1]: it halves with each
    /// unit of their distance.
    /// </summary>
    /// <param name="one">A setting.</param>
    /// <param name="other">Another setting.</param>
    public static double CommonErrorShare(SimulatedSetting one, SimulatedSetting other) =>
        Math.Pow(2, -SettingDistance.Between(one, other));

    private static ErrorBand? BandOf(PointMetric metric, SimulatedSetting setting)
    {
        Evidence evidence = Shipped.GetOrAdd(metric, Evidence.Of);
        return ErrorBandRule.At(evidence.Errors, setting)?.Rounded() is { } band
            ? band with { Extrapolated = Extrapolation.ReasonFor(setting, evidence.Settings) }
            : null;
    }

    /// <summary>The errors of a calibrated profile. Only its own server was measured, with nothing set below its highest.</summary>
    private static ErrorBands OfTwin(ErrorBands own, SimulatedSetting setting, SimulatedSystem system, double requests)
    {
        string? outside = own.Compared is { } compared ? ComparedRange.ReasonFor(system, requests, compared) : null;
        ErrorBands bands = WithMissing(own with { Compared = null }, setting);
        bands = outside is null ? bands : Marked(bands, outside);
        return setting.Lowered is { } lowered ? Marked(bands, $"no validation at {lowered}") : bands;
    }

    /// <summary>Bands in which a metric that was not compared has the band of the published points, which says so.</summary>
    private static ErrorBands WithMissing(ErrorBands own, SimulatedSetting setting)
    {
        if (own is { Ttft: not null, Tbt: not null, Throughput: not null, Watts: not null, JoulesPerToken: not null })
        {
            return own;
        }

        ErrorBands published = Marked(For(setting), "not compared for this twin: from published points");
        return own with
        {
            Ttft = own.Ttft ?? published.Ttft,
            Tbt = own.Tbt ?? published.Tbt,
            Throughput = own.Throughput ?? published.Throughput,
            Watts = own.Watts ?? published.Watts,
            JoulesPerToken = own.JoulesPerToken ?? published.JoulesPerToken,
        };
    }

    /// <summary>Bands that are extrapolated for a reason, besides those that they have.</summary>
    private static ErrorBands Marked(ErrorBands bands, string reason)
    {
        return bands with
        {
            Ttft = Of(bands.Ttft),
            Tbt = Of(bands.Tbt),
            Throughput = Of(bands.Throughput),
            Watts = Of(bands.Watts),
            JoulesPerToken = Of(bands.JoulesPerToken),
        };

        ErrorBand? Of(ErrorBand? band) =>
            band is null ? null : band with { Extrapolated = band.Extrapolated is { } known ? $"{reason}; {known}" : reason };
    }

    /// <summary>The errors at the published points in one metric.</summary>
    private sealed record Evidence(IReadOnlyList<ValidatedError> Errors, IReadOnlyList<SimulatedSetting> Settings)
    {
        internal static Evidence Of(PointMetric metric)
        {
            IReadOnlyList<ValidatedError> errors = ValidatedError.Of(ShippedValidation.Report, metric);
            return new Evidence(errors, [.. errors.Select(error => error.Setting)]);
        }
    }
}
