using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Simulation.Runs;

/// <summary>Totals, baselines and verdict of a simulated run of one instance.</summary>
public sealed record SimulationSummary
{
    /// <summary>Length of the run until its last request ended, in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Number of accelerators whose energy is counted.</summary>
    public required int GpusUsed { get; init; }

    /// <summary>Power of those accelerators without load, in watts.</summary>
    public required Baselines Baselines { get; init; }

    /// <summary>Clock of the accelerators, in megahertz: the one that the device has nearest to the clock that was asked for.</summary>
    public required double ClockMegahertz { get; init; }

    /// <summary>Number of tokens that the key-value cache holds.</summary>
    public required long KeyValueCapacityTokens { get; init; }

    /// <summary>Number of requests that got all their tokens.</summary>
    public required long CompletedRequests { get; init; }

    /// <summary>Number of requests that were unfinished when the run ended.</summary>
    public required long CancelledRequests { get; init; }

    /// <summary>Number of steps with work.</summary>
    public required long Steps { get; init; }

    /// <summary>Number of steps in which the power cap lowered the clock.</summary>
    public required long ThrottledSteps { get; init; }

    /// <summary>Number of times that a sequence lost its cache to an older one.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Energy of the whole run, in joules.</summary>
    public required double TotalJoules { get; init; }

    /// <summary>
    /// Energy of the whole run at the lower end of the uncertainty that comes from the clock, in joules: a lower clock saves as much as the
    /// readings allow. It equals <see cref="TotalJoules"/> at the highest clock where no power cap binds.
    /// </summary>
    public required double TotalLowJoules { get; init; }

    /// <summary>
    /// Energy of the whole run at the upper end of the uncertainty that comes from the clock, in joules: a lower clock saves as little as
    /// the readings allow. It equals <see cref="TotalJoules"/> at the highest clock where no power cap binds.
    /// </summary>
    public required double TotalHighJoules { get; init; }

    /// <summary>The part of <see cref="TotalJoules"/> that was used while there was nothing to do, in joules.</summary>
    public required double IdleJoules { get; init; }

    /// <summary>Share of the run in which there was work, from 0 to 1.</summary>
    public required double BusyRatio { get; init; }

    /// <summary>Mean number of sequences that decode at once while there is work.</summary>
    public required double MeanSequences { get; init; }

    /// <summary>
    /// Time of all steps at the lower end of the uncertainty that comes from the clock, relative to the time that was simulated, at most 1.
    /// The ratio is 1 for a run at the highest clock in which no power cap binds.
    /// </summary>
    public required double StepTimeLowRatio { get; init; }

    /// <summary>
    /// Time of all steps at the upper end of the uncertainty that comes from the clock, relative to the time that was simulated, at least
    /// 1. It is 1 at the highest clock where no power cap binds. Queues that longer steps would cause are not in it.
    /// </summary>
    public required double StepTimeHighRatio { get; init; }

    /// <summary>Largest mean power of any step, in watts, over all accelerators.</summary>
    public required double PeakWatts { get; init; }

    /// <summary>Whether the run is valid, with every reason if it is not.</summary>
    public required RunVerdict Verdict { get; init; }

    /// <summary>The steady window of a load whose sessions decide on it; <c>null</c> where it follows from the requests alone.</summary>
    public MeasurementWindow? Window { get; init; }

    /// <summary>Description of the meter whose readings follow from the steps that <see cref="RunRecordSink"/> writes.</summary>
    public static MeterDescription Meter => new()
    {
        Name = PowerSampler.MeterName,
        Scope = MeterScope.Gpu,
        Method = "power model",
        IsCounter = true,
        IsEstimated = true,
        RefreshSeconds = PowerSampler.IntervalSeconds,
    };

    /// <summary>The counts of the run as they are written into its record, by name.</summary>
    public IReadOnlyDictionary<string, double> Counters => StepTimeLowRatio == 1 && StepTimeHighRatio == 1
        ? CertainCounters
        : new SortedDictionary<string, double>(CertainCounters, StringComparer.Ordinal)
        {
            [RunCounter.StepTimeLowRatio.Name] = StepTimeLowRatio,
            [RunCounter.StepTimeHighRatio.Name] = StepTimeHighRatio,
        };

    private SortedDictionary<string, double> CertainCounters => new(StringComparer.Ordinal)
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

    /// <summary>A run manifest completed with the results of the simulation.</summary>
    /// <param name="manifest">The manifest as it was when the run began.</param>
    public RunManifest Complete(RunManifest manifest) => manifest with
    {
        Evidence = EvidenceKind.Simulated,
        DurationSeconds = DurationSeconds,
        GpusUsed = GpusUsed,
        Baselines = Baselines,
        Knobs = manifest.Knobs.GpuClockMegahertz is null ? manifest.Knobs : manifest.Knobs with { GpuClockMegahertz = ClockMegahertz },
        Meters = [Meter with { IsFromSteps = true }],
        Counters = Counters,
        Window = Window,
        Verdict = Verdict,
    };
}
