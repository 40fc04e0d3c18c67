using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Models;

/// <summary>The shape of a decoder-only transformer: all that speed, memory and energy depend on.</summary>
public sealed record ModelDefinition : IChecked
{
    /// <summary>Name, for example <c>llama-2-70b</c>.</summary>
    [Description("Name of the model.")]
    public required string Name { get; init; }

    /// <summary>Other names of the model, for example on model hubs; matched without regard to case.</summary>
    [Description("Other names of the model, for example on model hubs; matched without regard to case.")]
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Where the shape comes from.</summary>
    [Description("Where the shape comes from.")]
    public required string Source { get; init; }

    /// <summary>Transformer layers.</summary>
    [Description("Transformer layers.")]
    [Range(1, 1000)]
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    [Description("Width of the residual stream.")]
    [Range(1, 1_000_000)]
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer (of one expert).</summary>
    [Description("Width of the feed-forward layer, of one expert in a mixture.")]
    [Range(1, 1_000_000)]
    public required int IntermediateSize { get; init; }

    /// <summary>Query heads.</summary>
    [Description("Query heads.")]
    [Range(1, 1024)]
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    [Description("Key and value heads; fewer than heads with grouped queries.")]
    [Range(1, 1024)]
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head.</summary>
    [Description("Width of one head.")]
    [Range(1, 1024)]
    public required int HeadSize { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    [Description("Tokens in the vocabulary.")]
    [Range(1, 10_000_000)]
    public required int VocabularySize { get; init; }

    /// <summary>Longest context (tokens).</summary>
    [Description("Longest context in tokens.")]
    [Range(1, 100_000_000)]
    public required int ContextTokens { get; init; }

    /// <summary>Matrices of the feed-forward layer: 3 with a gate (Llama), 2 without (Falcon, BLOOM).</summary>
    [Description("Matrices of the feed-forward layer: 3 with a gate, 2 without.")]
    [Range(2, 3)]
    public int FeedForwardMatrices { get; init; } = 3;

    /// <summary>Experts of a mixture; 1 for a dense model.</summary>
    [Description("Experts of a mixture; 1 for a dense model.")]
    [Range(1, 4096)]
    public int Experts { get; init; } = 1;

    /// <summary>Experts each token goes through.</summary>
    [Description("Experts each token goes through.")]
    [Range(1, 4096)]
    public int ExpertsPerToken { get; init; } = 1;

    /// <summary>Whether the output head shares the embedding's weights.</summary>
    [Description("Whether the output head shares the embedding's weights.")]
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
