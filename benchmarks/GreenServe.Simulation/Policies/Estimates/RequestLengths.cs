namespace GreenServe.Simulation.Policies.Estimates;

/// <summary>Lengths of a request, or of a typical one.</summary>
/// <param name="InputTokens">Length of the prompt, in tokens, at least 1.</param>
/// <param name="OutputTokens">Length of the answer, in tokens, at least 1.</param>
internal readonly record struct RequestLengths(int InputTokens, int OutputTokens)
{
    /// <summary>Tokens that decoding steps generate. The first token of the answer comes from the prompt.</summary>
    internal int DecodedTokens => OutputTokens - 1;

    /// <summary>Tokens that some such requests attend to together, in the middle of their answers.</summary>
    /// <param name="requests">Number of requests.</param>
    internal long ContextTokens(int requests) => (long)requests * (InputTokens + (OutputTokens / 2));
}
