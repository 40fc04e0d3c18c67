namespace GreenServe.Engine.Http;

/// <summary>What the server does wrong, and how often.</summary>
/// <param name="Kind">What.</param>
/// <param name="Every">One request in this many suffers it, beginning with the first; at least 1.</param>
/// <param name="AfterTokens">Faults inside a stream come after this many tokens.</param>
public sealed record FaultPlan(FaultKind Kind, int Every = 1, int AfterTokens = 2)
{
    private long requests = -1;

    /// <summary>The fault of the next request.</summary>
    internal FaultKind Next() => Interlocked.Increment(ref requests) % Every == 0 ? Kind : FaultKind.None;
}
