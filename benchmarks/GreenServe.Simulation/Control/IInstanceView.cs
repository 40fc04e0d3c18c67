using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Control;

/// <summary>A serving instance of a cluster as a policy observes it. Every member holds at the moment of the call.</summary>
public interface IInstanceView
{
    /// <summary>Number of the instance, from 0.</summary>
    int Number { get; }

    /// <summary>The server that it runs on.</summary>
    IServerView Server { get; }

    /// <summary>The part of a request that it serves.</summary>
    ReplicaRole Role { get; }

    /// <summary>What it is doing.</summary>
    InstanceState State { get; }

    /// <summary>The instance with its present model, tensor parallelism, clock, cap and batch limits.</summary>
    SimulatedSystem System { get; }

    /// <summary>Time and energy of its steps at its present setting.</summary>
    StepModel Model { get; }

    /// <summary>The clock that is set, in megahertz. A clock that takes effect later does not count yet.</summary>
    double ClockMegahertz { get; }

    /// <summary>Number of requests that it has: those that wait, process their prompt or decode.</summary>
    int Requests { get; }

    /// <summary>Number of its requests that wait or process their prompt.</summary>
    int PromptRequests { get; }

    /// <summary>Number of prompt tokens that it has still to process for these requests.</summary>
    long PromptTokens { get; }

    /// <summary>Number of its requests that decode.</summary>
    int DecodingRequests { get; }

    /// <summary>Number of tokens in the contexts of the requests that decode.</summary>
    long ContextTokens { get; }

    /// <summary>Input tokens and predicted output tokens of all its requests.</summary>
    long PredictedTokens { get; }

    /// <summary>Number of tokens that its key-value cache holds.</summary>
    long CacheTokens { get; }

    /// <summary>Share of the blocks of its key-value cache that are in use, a ratio from 0 to 1.</summary>
    double CacheFillRatio { get; }

    /// <summary>Arrival of the request that has waited longest for its first token, in seconds; <c>null</c> if none waits.</summary>
    double? OldestArrivalSeconds { get; }

    /// <summary>The most recent time that it had a request, in seconds from the start of the run.</summary>
    double LastBusySeconds { get; }

    /// <summary>Mean power over the last seconds, in watts.</summary>
    /// <param name="overSeconds">Whole seconds, from 1 to 60. A younger run is averaged from its start.</param>
    double Watts(int overSeconds);

    /// <summary>Whether the instance takes a request now: it serves, and its role and classes include the request.</summary>
    /// <param name="request">The request.</param>
    bool Serves(in RequestView request);
}

/// <summary>The state of an instance of a cluster.</summary>
public enum InstanceState
{
    /// <summary>The instance takes requests.</summary>
    Serving,

    /// <summary>The instance finishes its requests before it changes.</summary>
    Draining,

    /// <summary>The instance loads its weights.</summary>
    Starting,

    /// <summary>The instance moves its weights.</summary>
    Resharding,

    /// <summary>The instance holds its weights in the memory of the host and wakes quickly. Its accelerators idle.</summary>
    Asleep,

    /// <summary>The instance loads its weights from the memory of the host.</summary>
    Waking,

    /// <summary>The instance has no process, and its accelerators idle.</summary>
    Idle,

    /// <summary>The instance draws no power.</summary>
    Off,
}

/// <summary>The part of a request that an instance serves.</summary>
public enum ReplicaRole
{
    /// <summary>The instance serves whole requests.</summary>
    Whole,

    /// <summary>The instance processes prompts. A request moves on after its first token.</summary>
    Prefill,

    /// <summary>The instance generates the tokens after the first one.</summary>
    Decode,

    /// <summary>The instance serves whole requests, and processes prompts or decodes for other instances.</summary>
    Mixed,
}
