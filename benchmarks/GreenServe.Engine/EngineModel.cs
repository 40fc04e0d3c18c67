namespace GreenServe.Engine;

/// <summary>What a client may know of the model served.</summary>
/// <param name="Name">Name under which it is served.</param>
/// <param name="ContextTokens">Longest prompt and output together (tokens).</param>
/// <param name="VocabularySize">Token ids lie in [0, this).</param>
public sealed record EngineModel(string Name, int ContextTokens, int VocabularySize)
{
    /// <summary>The token that ends a text; <c>null</c> if the model has none.</summary>
    public int? EndOfSequenceToken { get; init; }

    /// <summary>Whether nothing is computed: times are a simulation's, or fixed.</summary>
    public bool IsSimulated { get; init; }
}
