using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Machine;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Running.Points;

/// <summary>
/// The server of a measured point, and what its runner knows about it. The defaults suit a server about which nothing is known.
/// </summary>
internal abstract class ServedTarget
{
    /// <summary>How to reach the server.</summary>
    internal abstract OpenAiOptions Connection { get; }

    /// <summary>The kind of backend in the record.</summary>
    internal virtual BackendKind Backend => BackendKind.OpenAI;

    /// <summary>
    /// The hardware and engine of the server; <c>null</c> for a foreign server, which does not state them. The point's own
    /// statement would be a guess.
    /// </summary>
    internal virtual ServingSystem? System => null;

    /// <summary>The server's description of itself; <c>null</c> where only its dialect and version are known.</summary>
    internal virtual string? Description => null;

    /// <summary>Whether this command started the server, so that it is known to run here.</summary>
    internal virtual bool IsStartedHere => true;

    /// <summary>Address of the server's Prometheus metrics; <c>null</c> for <c>metrics</c> at the server's root.</summary>
    internal virtual Uri? Metrics => null;

    /// <summary>
    /// Starts watching what other programs compute on the host; <c>null</c> for a server that does not compute on this host's
    /// processor.
    /// </summary>
    internal virtual HostLoad? WatchHost() => null;

    /// <summary>Reads the steps that the server logged during the load; empty for a server that logs none.</summary>
    internal virtual Task<IReadOnlyList<EngineStep>> ReadStepsAsync(RunClock clock) => Task.FromResult<IReadOnlyList<EngineStep>>([]);

    /// <summary>Verdict reasons from the server's own state, for example that it ended; empty if there are none.</summary>
    internal virtual IEnumerable<VerdictReason> Reasons() => [];
}

/// <summary>A server about which nothing is known except how to reach it.</summary>
/// <param name="connection">Where and how to reach the server.</param>
internal sealed class EndpointTarget(OpenAiOptions connection) : ServedTarget
{
    internal override OpenAiOptions Connection => connection;

    internal override bool IsStartedHere => false;
}
