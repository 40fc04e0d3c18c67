namespace GreenServe.Engine.Http;

/// <summary>What every response to one request needs.</summary>
/// <param name="Engine">Who generates.</param>
/// <param name="Options">How this front behaves.</param>
/// <param name="Metrics">What it counts.</param>
/// <param name="ClientId">The client's name for the request.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Fault">What is to go wrong.</param>
internal sealed record ResponseScope(
    IInferenceEngine Engine, HttpServerOptions Options, HttpServerMetrics Metrics, string ClientId, ParsedRequest Request, FaultKind Fault)
{
    /// <summary>AfterTokens of the fault plan.</summary>
    internal int FaultAfterTokens => Options.Faults?.AfterTokens ?? 0;
}
