namespace GreenServe.Engine;

/// <summary>One request as an engine receives it: token ids and lengths. The HTTP server has checked every range.</summary>
public sealed record GenerationRequest
{
    /// <summary>The server's name for the request, for example <c>cmpl-12</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The token ids of the prompt. There is at least one, and each lies in [0, vocabulary size).</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>
    /// The largest number of tokens to generate, at least 1. The prompt and this number of tokens together fit the model's context.
    /// </summary>
    public required int MaxTokens { get; init; }

    /// <summary>The number of tokens before which neither the end token nor a stop sequence ends the output.</summary>
    /// <value>In [0, <see cref="MaxTokens"/>]. Default: 0.</value>
    public int MinTokens { get; init; }

    /// <summary>Whether the end token counts as an ordinary token, so that the output has exactly <see cref="MaxTokens"/> tokens.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool IgnoreEndOfSequence { get; init; }

    /// <summary>The softmax temperature. A temperature of 0 chooses the likeliest token.</summary>
    /// <value>At least 0. Default: 1.</value>
    public double Temperature { get; init; } = 1;

    /// <summary>The share of the probability from which a token is sampled (top-p).</summary>
    /// <value>In (0, 1]. Default: 1.</value>
    public double TopP { get; init; } = 1;

    /// <summary>The seed of the sampling; <c>null</c> lets the engine use a seed of its own.</summary>
    public long? Seed { get; init; }
}
