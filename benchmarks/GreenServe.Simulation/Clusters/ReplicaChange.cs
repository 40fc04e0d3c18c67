namespace GreenServe.Simulation.Clusters;

/// <summary>One action of an operator on an instance.</summary>
/// <param name="AtSeconds">Time of the action, in seconds from the start of the run, at least 0.</param>
/// <param name="Replica">Number of the instance, from 0.</param>
/// <param name="Action">The action.</param>
/// <param name="Value">
/// The new clock in megahertz, where <c>null</c> means the highest clock, or the new tensor parallelism. Other actions have none.
/// </param>
public sealed record ReplicaChange(double AtSeconds, int Replica, ReplicaAction Action, double? Value = null);

/// <summary>An action of an operator on an instance while a cluster runs.</summary>
public enum ReplicaAction
{
    /// <summary>Sets the clock. The instance stalls briefly and continues.</summary>
    SetClock,

    /// <summary>Changes the tensor parallelism. The instance finishes its requests, moves its weights and continues.</summary>
    Reshard,

    /// <summary>Stops the instance. It finishes its requests, its process ends, and its accelerators idle.</summary>
    Idle,

    /// <summary>Stops the instance and switches its accelerators off. It finishes its requests first.</summary>
    PowerOff,

    /// <summary>Starts the instance. It serves after the start-up time.</summary>
    Start,
}
