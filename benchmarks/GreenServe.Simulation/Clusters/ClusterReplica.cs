using GreenServe.Records.Requests;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Clusters;

/// <summary>One server of a cluster at the start of a run, and the instances on it.</summary>
public sealed record ClusterReplica
{
    /// <summary>The instance. The energy of all accelerators of its server counts, whether it uses them or not.</summary>
    public required SimulatedSystem System { get; init; }

    /// <summary>Tensor parallelism of each instance that the server is divided into.</summary>
    /// <value>Default: empty, which means <see cref="System"/> alone.</value>
    public IReadOnlyList<int> Partition { get; init; } = [];

    /// <summary>The instances of the server: <see cref="System"/>, or one for each part of <see cref="Partition"/>.</summary>
    public IEnumerable<SimulatedSystem> Instances => Partition.Count == 0
        ? [System]
        : Partition.Select(degree => System with { Knobs = System.Knobs with { TensorParallelism = degree } });

    /// <summary>How good the answers of its model are; <c>null</c> where that is not stated.</summary>
    public ModelQuality? Quality { get; init; }

    /// <summary>The part of a request that it serves.</summary>
    /// <value>Default <see cref="ReplicaRole.Whole"/>.</value>
    public ReplicaRole Role { get; init; }

    /// <summary>Names of the request classes that it serves, SS to LL; <c>null</c> for all.</summary>
    public IReadOnlySet<string>? Classes { get; init; }

    /// <summary>Whether it is switched off at the start.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool StartsOff { get; init; }

    /// <summary>Name of the row in which its server stands; <c>null</c> for none.</summary>
    public string? Row { get; init; }

    /// <summary>Name of the site at which its server stands; <c>null</c> for none.</summary>
    public string? Site { get; init; }

    /// <summary>Power of its server besides the accelerators while it is on, in watts; <c>null</c> where it is not stated.</summary>
    public double? HostWatts { get; init; }

    /// <summary>Whether a request is of the classes that it serves.</summary>
    /// <param name="request">The request.</param>
    public bool Serves(ScheduledRequest request) => Serves(request.Class);

    /// <summary>Whether requests of a class are among those that it serves.</summary>
    /// <param name="requestClass">The class.</param>
    internal bool Serves(RequestClass requestClass) => Classes?.Contains(requestClass.Name) ?? true;
}
