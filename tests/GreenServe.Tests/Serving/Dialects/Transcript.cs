namespace GreenServe.Tests.Serving.Dialects;

/// <summary>One response body as a server writes it, and what it means.</summary>
/// <param name="Name">Server and endpoint.</param>
/// <param name="Dialect">The dialect that reads it.</param>
/// <param name="Body">The body.</param>
/// <param name="ChunkTokens">Tokens of each chunk that carries any, in order.</param>
/// <param name="InputTokens">Prompt tokens by the server's count.</param>
internal sealed record Transcript(string Name, GreenServe.Serving.Dialects.DialectName Dialect, string Body, int[] ChunkTokens, int InputTokens)
{
    /// <summary>Whether each chunk's number of tokens can be known from the body.</summary>
    internal bool AreTokenTimesKnown { get; init; } = true;

    public override string ToString() => Name;
}
