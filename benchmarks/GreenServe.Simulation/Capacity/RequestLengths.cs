namespace GreenServe.Simulation.Capacity;

/// <summary>The lengths of a request.</summary>
/// <param name="InputTokens">Length of its prompt, in tokens, at least 1.</param>
/// <param name="OutputTokens">Length of its output, in tokens, at least 1.</param>
public readonly record struct RequestLengths(int InputTokens, int OutputTokens);
