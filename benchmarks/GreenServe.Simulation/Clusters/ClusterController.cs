using GreenServe.Records.Requests;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters;

/// <summary>A policy that controls one run of a cluster.</summary>
/// <param name="Policy">The policy, which has not controlled a run before.</param>
public sealed record ClusterController(IClusterPolicy Policy)
{
    /// <summary>Lengths at which request classes begin.</summary>
    /// <value>Default: the default cuts of a workload.</value>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>Seed of the errors of the policy's predictor.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }
}
