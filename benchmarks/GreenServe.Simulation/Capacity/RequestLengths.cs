namespace GreenServe.Simulation.Capacity;

/// <summary>The lengths of a request.</summary>
/// <param name="InputTokens">Length of its prompt, in tokens, at least 1.</param>
/// <param name="OutputTokens">Length of its output, in tokens, at least 1.</param>
public readonly record struct RequestLengths(int InputTokens, int OutputTokens)
{
    /// <summary>Tokens that decoding steps generate. The first token of the output comes from the prompt.</summary>
    internal int DecodedTokens => OutputTokens - 1;

    /// <summary>Tokens that some such requests attend to together, in the middle of their outputs.</summary>
    /// <param name="requests">Number of requests.</param>
    internal long ContextTokens(int requests) => (long)requests * (InputTokens + (OutputTokens / 2));
}
