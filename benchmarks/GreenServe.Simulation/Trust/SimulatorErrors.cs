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
        ErrorBands bands = For(system, summary.MeanSequences, users);
        (double fast, double slow) = (Math.Min(1, summary.StepTimeLowRatio), Math.Max(1, summary.StepTimeHighRatio));
        (double low, double high) = summary.TotalJoules > 0
            ? (Math.Min(1, summary.TotalLowJoules / summary.TotalJoules), Math.Max(1, summary.TotalHighJoules / summary.TotalJoules))
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
    /// The bands of a simulated cluster: those of its first instance. A cluster of several instances is extrapolated, because none was
    /// measured.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="summary">The result of the run.</param>
    public static ErrorBands For(ClusterDefinition cluster, ClusterSummary summary)
    {
        ErrorBands bands = WithClocks(For(cluster.Replicas[0].System, summary.MeanSequences), summary);
        return cluster.Replicas.Count == 1
            ? bands
            : Marked(bands, FormattableString.Invariant($"no validation of a cluster of {cluster.Replicas.Count} instances"));
    }

    /// <summary>Bands of power and energy that include what the uncertainty of lower clocks leaves.</summary>
    private static ErrorBands WithClocks(ErrorBands bands, ClusterSummary summary)
    {
        (double low, double high) = summary.TotalJoules > 0
            ? (Math.Min(1, summary.LowJoules / summary.TotalJoules), Math.Max(1, summary.HighJoules / summary.TotalJoules))
            : (1, 1);
        return bands with
        {
            Watts = Combined(bands.Watts, low, high),
            JoulesPerToken = Combined(bands.JoulesPerToken, low, high),
        };
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
