using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Models;

/// <summary>The shape of a decoder-only transformer: all that speed, memory and energy depend on.</summary>
public sealed record ModelDefinition : IChecked
{
    /// <summary>Name of the model, for example <c>llama-2-70b</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names of the model, for example on model hubs; matched without regard to case.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Where the shape comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Transformer layers.</summary>
    /// <value>From 1 to 1000.</value>
    [Range(1, 1000)]
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    /// <value>From 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer, of one expert in a mixture.</summary>
    /// <value>From 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public required int IntermediateSize { get; init; }

    /// <summary>Query heads.</summary>
    /// <value>From 1 to 1024.</value>
    [Range(1, 1024)]
    public required int Heads { get; init; }

    /// <summary>Key and value heads; fewer than query heads with grouped queries.</summary>
    /// <value>From 1 to 1024.</value>
    [Range(1, 1024)]
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head.</summary>
    /// <value>From 1 to 1024.</value>
    [Range(1, 1024)]
    public required int HeadSize { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    /// <value>From 1 to 10000000.</value>
    [Range(1, 10_000_000)]
    public required int VocabularySize { get; init; }

    /// <summary>Longest context in tokens.</summary>
    /// <value>From 1 to 100000000.</value>
    [Range(1, 100_000_000)]
    public required int ContextTokens { get; init; }

    /// <summary>Matrices of the feed-forward layer: 3 with a gate (Llama), 2 without (Falcon, BLOOM).</summary>
    /// <value>From 2 to 3; default 3.</value>
    [Range(2, 3)]
    public int FeedForwardMatrices { get; init; } = 3;

    /// <summary>Experts of a mixture; 1 for a dense model.</summary>
    /// <value>From 1 to 4096; default 1.</value>
    [Range(1, 4096)]
    public int Experts { get; init; } = 1;

    /// <summary>Experts each token goes through.</summary>
    /// <value>From 1 to 4096; default 1.</value>
    [Range(1, 4096)]
    public int ExpertsPerToken { get; init; } = 1;

    /// <summary>Whether the output head shares the embedding's weights.</summary>
    /// <value>Default false.</value>
    public bool TiedEmbedding { get; init; }

    /// <summary>Weights of all matrices, embedding and head included; norms and biases (well below 0.1 %) are left out.</summary>
    public long ParameterCount()
    {
        long attention = 2L * HiddenSize * HeadSize * (Heads + KeyValueHeads);
        long feedForward = (long)FeedForwardMatrices * HiddenSize * IntermediateSize * Experts;
        long router = Experts > 1 ? (long)HiddenSize * Experts : 0;
        return (Layers * (attention + feedForward + router)) + ((long)VocabularySize * HiddenSize * (TiedEmbedding ? 1 : 2));
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Heads % KeyValueHeads != 0)
        {
            yield return new Problem("$.key_value_heads", KeyValueHeads, $"a divisor of heads ({Heads})");
        }

        if (ExpertsPerToken > Experts)
        {
            yield return new Problem("$.experts_per_token", ExpertsPerToken, $"at most experts ({Experts})");
        }
    }
}
