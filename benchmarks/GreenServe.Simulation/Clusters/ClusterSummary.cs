using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>Totals and verdict of a simulated run of a cluster.</summary>
public sealed record ClusterSummary
{
    /// <summary>Mean number of sequences that decode at once on an instance while it has work.</summary>
    public required double MeanSequences { get; init; }

    /// <summary>
    /// Mean quality of what completed requests got, weighted by their input and output tokens, a ratio from 0 to 1; <c>null</c> where the
    /// cluster file does not state it for everything that was served.
    /// </summary>
    public double? MeanQualityRatio { get; init; }

    /// <summary>
    /// Length of the run, in seconds: until its last request ended, or where some stay unserved, until the drain limit or for a day after
    /// the last event.
    /// </summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Number of requests that got all their tokens.</summary>
    public required long CompletedRequests { get; init; }

    /// <summary>Number of requests that were unfinished when the run ended.</summary>
    public required long CancelledRequests { get; init; }

    /// <summary>Number of requests that the policy rejected.</summary>
    public required long RejectedRequests { get; init; }

    /// <summary>Every decision of the policy, in the order in which they were made; empty for a run without one.</summary>
    public required IReadOnlyList<ControlAction> Actions { get; init; }

    /// <summary>Number of steps with work, of all instances.</summary>
    public required long Steps { get; init; }

    /// <summary>Number of times that a sequence lost its cache to an older one.</summary>
    public required long Preemptions { get; init; }

    /// <summary>
    /// Energy of all accelerators over the whole run, in joules: for requests, for idle time, and of accelerators that no instance uses.
    /// </summary>
    public required double TotalJoules { get; init; }

    /// <summary>The lower end of <see cref="TotalJoules"/> that the uncertainty of lower clocks leaves, in joules.</summary>
    public required double LowJoules { get; init; }

    /// <summary>The upper end of <see cref="TotalJoules"/> that the uncertainty of lower clocks leaves, in joules.</summary>
    public required double HighJoules { get; init; }

    /// <summary>The part of <see cref="TotalJoules"/> that instances used while they had nothing to do, in joules.</summary>
    public required double IdleJoules { get; init; }

    /// <summary>
    /// The part of <see cref="TotalJoules"/> that instances used while they started, moved weights, woke up or changed their clocks, in
    /// joules.
    /// </summary>
    public required double TransitionJoules { get; init; }

    /// <summary>The part of <see cref="TotalJoules"/> that instances used while they slept, in joules.</summary>
    public required double SleepJoules { get; init; }

    /// <summary>
    /// The part of <see cref="TotalJoules"/> that accelerators used which belong to a server but not to a running instance of it, in
    /// joules.
    /// </summary>
    public required double UnusedJoules { get; init; }

    /// <summary>
    /// Power of the accelerators behind <see cref="UnusedJoules"/>. The stretches cover the run without gaps, in the order of time.
    /// </summary>
    internal IReadOnlyList<UnusedStretch> Unused { get; init; } = [];

    /// <summary>The settings with which instances did steps, each once, by instance and by time.</summary>
    public IReadOnlyList<SimulatedSystem> Worked { get; init; } = [];

    /// <summary>
    /// Lower end of the time in steps that the uncertainty of lower clocks leaves, as a ratio of the simulated time.
    /// </summary>
    internal double StepTimeLowRatio { get; init; } = 1;

    /// <summary>Upper end of the time in steps that the uncertainty of lower clocks leaves, as a ratio of the simulated time.</summary>
    internal double StepTimeHighRatio { get; init; } = 1;

    /// <summary>Mean power of the cluster over the run, in watts; 0 for a run of no length.</summary>
    public double MeanWatts => DurationSeconds > 0 ? TotalJoules / DurationSeconds : 0;

    /// <summary>Number of requests that each instance completed, by number of the instance.</summary>
    public required IReadOnlyList<long> CompletedByReplica { get; init; }

    /// <summary>
    /// Power, temperature, carbon and cost; <c>null</c> for a cluster without a policy, host watts, rows, sites and thermal model.
    /// </summary>
    public MonitorSummary? Monitor { get; init; }

    /// <summary>Whether the run is valid, with every reason if it is not.</summary>
    public required RunVerdict Verdict { get; init; }

    /// <summary>The steady window of a load whose sessions decide on it; <c>null</c> where it follows from the requests alone.</summary>
    public MeasurementWindow? Window { get; init; }
}
