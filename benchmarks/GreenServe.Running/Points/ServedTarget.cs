using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Machine;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Running.Points;

/// <summary>
/// The server of a measured point, with what its runner knows of it. The defaults fit a server about which nothing is known.
/// </summary>
internal abstract class ServedTarget
{
    /// <summary>How to reach the server.</summary>
    internal abstract OpenAiOptions Connection { get; }

    /// <summary>What the record calls the backend.</summary>
    internal virtual BackendKind Backend => BackendKind.OpenAI;

    /// <summary>
    /// What the server runs on; <c>null</c> for a foreign server, which does not tell. What the point says of it would be a guess.
    /// </summary>
    internal virtual ServingSystem? System => null;

    /// <summary>What the server calls itself; <c>null</c> where only its dialect and version are known.</summary>
    internal virtual string? Description => null;

    /// <summary>Address of the server's Prometheus metrics; <c>null</c> for <c>metrics</c> at its root.</summary>
    internal virtual Uri? Metrics => null;

    /// <summary>
    /// Begins to watch what else the host computes. <c>null</c> for a server that does not compute on this host's processor.
    /// </summary>
    internal virtual HostLoad? WatchHost() => null;

    /// <summary>Reads the steps that the server logged during the load; empty for a server that logs none.</summary>
    internal virtual Task<IReadOnlyList<EngineStep>> ReadStepsAsync(RunClock clock) => Task.FromResult<IReadOnlyList<EngineStep>>([]);

    /// <summary>What the server's own state says against the run, for example that it ended; empty if nothing.</summary>
    internal virtual IEnumerable<VerdictReason> Reasons() => [];
}

/// <summary>A server of which nothing is known but how to reach it.</summary>
/// <param name="connection">Where and how to reach the server.</param>
internal sealed class EndpointTarget(OpenAiOptions connection) : ServedTarget
{
    internal override OpenAiOptions Connection => connection;
}
