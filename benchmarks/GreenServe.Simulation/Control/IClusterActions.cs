namespace GreenServe.Simulation.Control;

/// <summary>
/// What a policy can do. Each call is written to the run's actions with its reason and the moment at which it took effect. A call that asks
/// for what the cluster cannot do changes nothing and is written as refused. A call that asks for the present state is no action. A command
/// that arrives after a later command of its kind changes nothing.
/// </summary>
/// <remarks>Each method returns whether the action was accepted, which includes that nothing had to be done.</remarks>
public interface IClusterActions
{
    /// <summary>Sets the clock of an instance. The instance stalls for <see cref="ActionCosts.ClockChangeSeconds"/>.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="megahertz">The clock, in megahertz; <c>null</c> for the highest.</param>
    /// <param name="reason">Why, in a few words.</param>
    /// <param name="afterSeconds">How long the command takes to arrive, in seconds, at least 0.</param>
    bool SetClock(int instance, double? megahertz, string reason, double afterSeconds = 0);

    /// <summary>Sets the power cap of the accelerators of an instance. It costs no time.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="watts">The cap of each accelerator, in watts; <c>null</c> for its own limit.</param>
    /// <param name="reason">Why, in a few words.</param>
    /// <param name="afterSeconds">How long the command takes to arrive, in seconds, at least 0.</param>
    bool SetPowerCap(int instance, double? watts, string reason, double afterSeconds = 0);

    /// <summary>Sets the largest number of sequences that run at once on an instance. Running sequences stay.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="sequences">The number, at least 1; <c>null</c> for the engine's own.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool SetMaxBatch(int instance, int? sequences, string reason);

    /// <summary>Sets the largest number of tokens in a step of an instance, which is the chunk size of its prompts.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="tokens">The number, at least the largest batch; <c>null</c> for the engine's own.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool SetStepTokens(int instance, int? tokens, string reason);

    /// <summary>Sets the part of a request that an instance serves. It costs no time. Requests that it has stay.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="role">The role.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool SetRole(int instance, ReplicaRole role, string reason);

    /// <summary>
    /// Divides a server into instances. Instances whose tensor parallelism stays keep serving. The others finish their requests, and the
    /// new ones then move weights for <see cref="ActionCosts.ReshardSeconds"/>.
    /// </summary>
    /// <param name="server">Number of the server, which must have no change in progress.</param>
    /// <param name="tensorParallelism">Tensor parallelism of each instance; together at most the accelerators of the server.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool Partition(int server, IReadOnlyList<int> tensorParallelism, string reason);

    /// <summary>
    /// Serves another model or precision on an instance: one of the variants of the cluster file. The instance finishes its requests and
    /// then loads for <see cref="ActionCosts.StartSeconds"/>, or for no time where the variant says that both fit in memory.
    /// </summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="variant">Name of the variant.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool SetVariant(int instance, string variant, string reason);

    /// <summary>Starts the instances of a server that is off or idle, or wakes those that sleep.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool Start(int server, string reason);

    /// <summary>Puts the instances of a server to sleep, once they have finished their requests.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool Sleep(int server, string reason);

    /// <summary>Ends the processes of a server, once its instances have finished their requests. Its accelerators idle.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool Idle(int server, string reason);

    /// <summary>Switches a server off, once its instances have finished their requests.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool PowerOff(int server, string reason);

    /// <summary>Takes the requests of an instance that have not begun, and routes them again.</summary>
    /// <param name="instance">Number of the instance.</param>
    /// <param name="reason">Why, in a few words.</param>
    bool MoveWaiting(int instance, string reason);
}
