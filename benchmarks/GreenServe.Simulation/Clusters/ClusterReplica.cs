using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>One instance of a cluster.</summary>
public sealed record ClusterReplica
{
    /// <summary>What it is at the start. All accelerators of its server count, used or not.</summary>
    public required SimulatedSystem System { get; init; }

    /// <summary>Which part of requests it serves.</summary>
    public ReplicaRole Role { get; init; }

    /// <summary>Names of the request classes it serves (SS..LL); <c>null</c> for all.</summary>
    public IReadOnlySet<string>? Classes { get; init; }

    /// <summary>Whether it is switched off at the start.</summary>
    public bool StartsOff { get; init; }
}
