namespace GreenServe.Simulation.Clusters;

/// <summary>What an instance of a cluster is doing.</summary>
internal enum NodeState
{
    /// <summary>Takes requests.</summary>
    Serving,

    /// <summary>Finishes those it has before it changes.</summary>
    Draining,

    /// <summary>Loads its weights.</summary>
    Starting,

    /// <summary>Moves its weights.</summary>
    Resharding,

    /// <summary>Has no process; its accelerators idle.</summary>
    Idle,

    /// <summary>Draws nothing.</summary>
    Off,
}
