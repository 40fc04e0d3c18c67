using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>A change of a server that waits for instances to finish their requests.</summary>
/// <param name="Kind">A re-partition, another variant, or a state in which the server does not serve.</param>
internal sealed record ServerChange(ActionKind Kind)
{
    /// <summary>The settings of the instances that begin, for a re-partition or another variant.</summary>
    internal IReadOnlyList<SimulatedSystem> Systems { get; init; } = [];

    /// <summary>The instances that a re-partition ends.</summary>
    internal IReadOnlyList<ClusterNode> Ending { get; init; } = [];

    /// <summary>The one instance that becomes another variant.</summary>
    internal ClusterNode? Only { get; init; }

    /// <summary>Time from the last request to the first one of the new instances, in seconds.</summary>
    internal double Seconds { get; init; }

    /// <summary>The decision behind it; <c>null</c> for an action of the cluster file.</summary>
    internal LoggedAction? Log { get; init; }
}
