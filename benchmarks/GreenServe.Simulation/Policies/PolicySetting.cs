using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Clusters;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Policies;

/// <summary>What a policy is told before a run.</summary>
public sealed record PolicySetting
{
    /// <summary>The cluster.</summary>
    public required ClusterDefinition Cluster { get; init; }

    /// <summary>The SLO that the workload states; <c>null</c> for none.</summary>
    public SloProfile? Slo { get; init; }

    /// <summary>Lengths at which request classes begin.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>Seed of the run, for policies that draw at random.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The requests of the run. Only a policy whose <see cref="Control.IClusterPolicy.KnowsFuture"/> says so may read them.
    /// </summary>
    public required RequestSchedule Schedule { get; init; }
}
