namespace GreenServe.Simulation.Clusters;

/// <summary>What an operator does to an instance while a cluster runs.</summary>
public enum ReplicaAction
{
    /// <summary>Set the clock: a short stall, then work goes on.</summary>
    SetClock,

    /// <summary>Change the tensor parallelism: no new requests, finish those under way, move the weights, go on.</summary>
    Reshard,

    /// <summary>No new requests; once those under way are finished the process ends and its accelerators idle.</summary>
    Idle,

    /// <summary>As <see cref="Idle"/>, and the accelerators are switched off.</summary>
    PowerOff,

    /// <summary>Start the instance: it serves after the start-up time.</summary>
    Start,
}
