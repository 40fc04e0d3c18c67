namespace GreenServe.Engine;

/// <summary>One request as an engine sees it: token ids and lengths, checked by the front.</summary>
public sealed record GenerationRequest
{
    /// <summary>The server's name for it, for example <c>cmpl-12</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Token ids of the prompt; at least one, each in [0, vocabulary).</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>Most tokens to generate, at least 1; prompt and this together fit the context.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Fewest tokens: before this many neither the end token nor a stop sequence ends it.</summary>
    public int MinTokens { get; init; }

    /// <summary>Whether the end token is an ordinary one, so that exactly <see cref="MaxTokens"/> come.</summary>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>Softmax temperature, at least 0; 0 takes the likeliest token.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Share of probability to sample from, in (0, 1].</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the sampling; <c>null</c> for the engine's own.</summary>
    public long? Seed { get; init; }
}
