using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>A change of a server that waits for instances to finish their requests.</summary>
/// <param name="Kind">A re-partition, another variant, or a state in which the server does not serve.</param>
internal sealed record ServerChange(ActionKind Kind)
{
    /// <summary>The settings of the instances that begin, for a re-partition or another variant.</summary>
    internal IReadOnlyList<SimulatedSystem> Systems { get; init; } = [];

    /// <summary>The instances that a re-partition or another variant ends.</summary>
    internal IReadOnlyList<ClusterNode> Ending { get; init; } = [];

    /// <summary>Time from the last request to the first one of the new instances, in seconds.</summary>
    internal double Seconds { get; init; }

    /// <summary>The decision behind it; <c>null</c> for an action of the cluster file.</summary>
    internal LoggedAction? Log { get; init; }

    /// <summary>Whether the server serves no more after it, until it is started.</summary>
    internal bool IsStop => Kind is ActionKind.Sleep or ActionKind.Idle or ActionKind.PowerOff;

    /// <summary>The state of instances after a stop.</summary>
    internal static InstanceState StateAfter(ActionKind stop) => stop switch
    {
        ActionKind.Sleep => InstanceState.Asleep,
        ActionKind.Idle => InstanceState.Idle,
        _ => InstanceState.Off,
    };
}
