using System.Collections.Immutable;

namespace GreenServe.Running.Live;

/// <summary>A search for a setting at one moment.</summary>
public sealed record LiveSearch
{
    /// <summary>What is to be least, in words, for example <c>energy of an output token</c>.</summary>
    public required string Objective { get; init; }

    /// <summary>Unit of the objective, for example <c>J per output token</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Number of simulations that the search may use, at most.</summary>
    public required int MaxSimulations { get; init; }

    /// <summary>The best simulation so far; <c>null</c> before the first.</summary>
    public LiveTrial? Best { get; init; }

    /// <summary>Number of simulations so far that are candidates.</summary>
    public int Feasible { get; init; }

    /// <summary>The simulations that have ended, in the order in which they ended.</summary>
    public IReadOnlyList<LiveTrial> Trials => Ended;

    /// <summary>The simulations that have ended, to which another one is added without copying them.</summary>
    internal ImmutableList<LiveTrial> Ended { get; init; } = [];

    /// <summary>The search after one more simulation.</summary>
    internal LiveSearch With(LiveTrial trial, LiveTrial best) => this with
    {
        Best = best,
        Feasible = Feasible + (trial.IsFeasible ? 1 : 0),
        Ended = Ended.Add(trial),
    };
}

/// <summary>A simulation of a setting.</summary>
/// <param name="Words">The setting in words. Further simulations of it have the same words.</param>
/// <param name="Objective">What the search makes least, in its unit; <c>null</c> where the simulation does not tell it.</param>
/// <param name="WorstRatio">Largest latency over its limit; <c>null</c> without an SLO.</param>
/// <param name="IsFeasible">Whether the setting is a candidate: the simulation counts, and no limit is missed.</param>
public sealed record LiveTrial(string Words, double? Objective, double? WorstRatio, bool IsFeasible)
{
    /// <summary>Energy of an output token (J); <c>null</c> where it is not known.</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>Number of requests that were simulated.</summary>
    public int Requests { get; init; }
}
