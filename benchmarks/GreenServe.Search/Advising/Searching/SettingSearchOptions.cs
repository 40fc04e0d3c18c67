using GreenServe.Analysis.Metrics;
using GreenServe.Search.Advising.Screening;

namespace GreenServe.Search.Advising.Searching;

/// <summary>How a search goes.</summary>
public sealed record SettingSearchOptions
{
    /// <summary>The largest number of accelerators that a setting may use.</summary>
    public required int GpuLimit { get; init; }

    /// <summary>Gives what has to be least of a run; <c>null</c> where the run does not tell it.</summary>
    /// <value>Default: energy of an output token (J).</value>
    public Func<RunMetrics, double?> Objective { get; init; } = metrics => metrics.JoulesPerOutputToken.Value;

    /// <summary>Estimates the same of a setting that was not simulated. It only decides which settings are simulated.</summary>
    /// <value>Default: estimated energy of an output token (J).</value>
    public Func<SettingEstimate, double> EstimatedObjective { get; init; } = estimate => estimate.JoulesPerOutputToken;

    /// <summary>Largest number of settings that are all simulated.</summary>
    /// <value>From 0; default 200.</value>
    public int ExactSettings { get; init; } = 200;

    /// <summary>Share of the possible settings that may be simulated where they are too many to simulate all.</summary>
    /// <value>Above 0, at most 1; default 0.05.</value>
    public double SimulatedShare { get; init; } = 0.05;

    /// <summary>Simulations that a search may use in any case, however few settings there are.</summary>
    /// <value>From 1; default 100.</value>
    public int MinSimulations { get; init; } = 100;

    /// <summary>Simulations that a search may use at most, however many settings there are.</summary>
    /// <value>From 1; default 500.</value>
    public int MaxSimulations { get; init; } = 500;

    /// <summary>Number of finalists, at most.</summary>
    /// <value>From 1; default 8.</value>
    public int Finalists { get; init; } = 8;

    /// <summary>Settings beside the finalists that miss the SLO narrowly and cost less, at most.</summary>
    /// <value>From 0; default 3.</value>
    public int NearMisses { get; init; } = 3;

    /// <summary>Repetitions of each finalist, each with a seed of its own.</summary>
    /// <value>From 1; default 5.</value>
    public int Repetitions { get; init; } = 5;

    /// <summary>Simulations that run at once.</summary>
    /// <value>From 1; default: the number of processors.</value>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Measures the time of the search.</summary>
    /// <value>Default: the clock of the system.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Is told of each simulation as it ends, of one at a time; <c>null</c> for nobody.</summary>
    public Action<SettingSearchProgress>? Progress { get; init; }
}
