using GreenServe.Records.Verdicts;

namespace GreenServe.Simulation.Clusters;

/// <summary>What a run of a cluster comes to.</summary>
public sealed record ClusterSummary
{
    /// <summary>Length of the run (s): until the last request ended.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Requests that got all their tokens.</summary>
    public required long CompletedRequests { get; init; }

    /// <summary>Requests that had not when the run was ended.</summary>
    public required long CancelledRequests { get; init; }

    /// <summary>Steps done, all instances.</summary>
    public required long Steps { get; init; }

    /// <summary>Times a sequence lost its cache.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Energy of all accelerators over the whole run (J): requests, idle time, and accelerators no instance uses.</summary>
    public required double TotalJoules { get; init; }

    /// <summary>The part used by instances with nothing to do, starting or re-sharding (J).</summary>
    public required double IdleJoules { get; init; }

    /// <summary>The part used by accelerators that belong to a server but to no running instance of it (J).</summary>
    public required double UnusedJoules { get; init; }

    /// <summary>Mean power of the cluster (W).</summary>
    public double MeanWatts => DurationSeconds > 0 ? TotalJoules / DurationSeconds : 0;

    /// <summary>Requests that each instance completed, by its number.</summary>
    public required IReadOnlyList<long> CompletedByReplica { get; init; }

    /// <summary>Whether the run may be believed.</summary>
    public required RunVerdict Verdict { get; init; }
}
