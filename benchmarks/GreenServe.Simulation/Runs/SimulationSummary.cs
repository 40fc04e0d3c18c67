using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Simulation.Runs;

/// <summary>What a simulated run comes to, besides its tables.</summary>
public sealed record SimulationSummary
{
    /// <summary>Length of the run (s): until the last request ended.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Accelerators whose energy is counted.</summary>
    public required int GpusUsed { get; init; }

    /// <summary>Power of those accelerators without load (W).</summary>
    public required Baselines Baselines { get; init; }

    /// <summary>Clock that was set (MHz): the nearest one the device has.</summary>
    public required double ClockMegahertz { get; init; }

    /// <summary>Tokens that the key-value cache holds.</summary>
    public required long KeyValueCapacityTokens { get; init; }

    /// <summary>Requests that got all their tokens.</summary>
    public required long CompletedRequests { get; init; }

    /// <summary>Requests that had not when the run was ended.</summary>
    public required long CancelledRequests { get; init; }

    /// <summary>Steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps in which the power cap lowered the clock.</summary>
    public required long ThrottledSteps { get; init; }

    /// <summary>Times a sequence lost its cache.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Energy of the whole run (J).</summary>
    public required double TotalJoules { get; init; }

    /// <summary>Lower end of <see cref="TotalJoules"/>: the clock saves as much as published readings allow (J). The same at the highest clock.</summary>
    public required double TotalLowJoules { get; init; }

    /// <summary>Upper end of <see cref="TotalJoules"/>: the clock saves as little as published readings allow (J). The same at the highest clock.</summary>
    public required double TotalHighJoules { get; init; }

    /// <summary>The part used while there was nothing to do (J).</summary>
    public required double IdleJoules { get; init; }

    /// <summary>Time with work, as a share of the run.</summary>
    public required double BusyRatio { get; init; }

    /// <summary>Mean power of the hungriest step, all accelerators (W).</summary>
    public required double PeakWatts { get; init; }

    /// <summary>Whether the run may be believed.</summary>
    public required RunVerdict Verdict { get; init; }

    /// <summary>The meter whose samples <see cref="RunRecordSink"/> writes.</summary>
    public static MeterDescription Meter => new()
    {
        Name = PowerSampler.MeterName,
        Scope = MeterScope.Gpu,
        Method = "power model",
        IsCounter = true,
        IsEstimated = true,
        RefreshSeconds = PowerSampler.IntervalSeconds,
    };

    /// <summary>Counts worth keeping, by name.</summary>
    public IReadOnlyDictionary<string, double> Counters => new SortedDictionary<string, double>(StringComparer.Ordinal)
    {
        [RunCounter.KeyValueCapacityTokens.Name] = KeyValueCapacityTokens,
        [RunCounter.Preemptions.Name] = Preemptions,
        [RunCounter.Steps.Name] = Steps,
        [RunCounter.ThrottledSteps.Name] = ThrottledSteps,
        [RunCounter.PeakWatts.Name] = PeakWatts,
        [RunCounter.BusyRatio.Name] = BusyRatio,
        [RunCounter.TotalJoules.Name] = TotalJoules,
        [RunCounter.TotalLowJoules.Name] = TotalLowJoules,
        [RunCounter.TotalHighJoules.Name] = TotalHighJoules,
        [RunCounter.IdleJoules.Name] = IdleJoules,
    };

    /// <summary>A manifest completed with all that the simulation knows.</summary>
    public RunManifest Complete(RunManifest manifest) => manifest with
    {
        Evidence = EvidenceKind.Simulated,
        DurationSeconds = DurationSeconds,
        GpusUsed = GpusUsed,
        Baselines = Baselines,
        Knobs = manifest.Knobs.GpuClockMegahertz is null ? manifest.Knobs : manifest.Knobs with { GpuClockMegahertz = ClockMegahertz },
        Meters = [Meter],
        Counters = Counters,
        Verdict = Verdict,
    };
}
