using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Models;

/// <summary>The shape of a decoder-only transformer. Speed, memory and energy depend on nothing else of the model.</summary>
public sealed record ModelDefinition : IChecked
{
    /// <summary>Name of the model, for example <c>llama-2-70b</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Other names of the model, for example on model hubs. Case is ignored.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Source of the shape.</summary>
    public required string Source { get; init; }

    /// <summary>Number of transformer layers.</summary>
    /// <value>From 1 to 1000.</value>
    [Range(1, 1000)]
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    /// <value>From 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer; in a mixture of experts, the width of one expert.</summary>
    /// <value>From 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public required int IntermediateSize { get; init; }

    /// <summary>Number of query heads.</summary>
    /// <value>From 1 to 1024.</value>
    [Range(1, 1024)]
    public required int Heads { get; init; }

    /// <summary>Number of key and value heads. With grouped queries it is below the number of query heads.</summary>
    /// <value>From 1 to 1024.</value>
    [Range(1, 1024)]
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one attention head.</summary>
    /// <value>From 1 to 1024.</value>
    [Range(1, 1024)]
    public required int HeadSize { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    /// <value>From 1 to 10000000.</value>
    [Range(1, 10_000_000)]
    public required int VocabularySize { get; init; }

    /// <summary>Longest context in tokens.</summary>
    /// <value>From 1 to 100000000.</value>
    [Range(1, 100_000_000)]
    public required int ContextTokens { get; init; }

    /// <summary>Number of matrices of the feed-forward layer: 3 with a gate (Llama), 2 without (Falcon, BLOOM).</summary>
    /// <value>From 2 to 3; default 3.</value>
    [Range(2, 3)]
    public int FeedForwardMatrices { get; init; } = 3;

    /// <summary>Number of experts in a mixture of experts; 1 for a dense model.</summary>
    /// <value>From 1 to 4096; default 1.</value>
    [Range(1, 4096)]
    public int Experts { get; init; } = 1;

    /// <summary>Number of experts that process each token.</summary>
    /// <value>From 1 to 4096; default 1.</value>
    [Range(1, 4096)]
    public int ExpertsPerToken { get; init; } = 1;

    /// <summary>
    /// Whether quantised weights of this mixture of experts are those of the experts alone, so that attention and router stay in 16 bits.
    /// </summary>
    /// <value>Default false: all weights of the layers are quantised.</value>
    public bool QuantisesExpertsAlone { get; init; }

    /// <summary>Whether the output head shares the embedding's weights.</summary>
    /// <value>Default false.</value>
    public bool TiedEmbedding { get; init; }

    /// <summary>
    /// Number of weights of all matrices, embedding and head included. Norms and biases (well below 0.1 %) are not counted.
    /// </summary>
    public long ParameterCount()
    {
        long attention = 2L * HiddenSize * HeadSize * (Heads + KeyValueHeads);
        long feedForward = (long)FeedForwardMatrices * HiddenSize * IntermediateSize * Experts;
        long router = Experts > 1 ? (long)HiddenSize * Experts : 0;
        return (Layers * (attention + feedForward + router)) + ((long)VocabularySize * HiddenSize * (TiedEmbedding ? 1 : 2));
    }

    /// <summary>
    /// Tokens that attention reaches back over in <see cref="WindowLayers"/> layers, from 1 to 1048576; <c>null</c> where every layer
    /// attends to the whole context.
    /// </summary>
    [Range(1, 1048576)]
    public int? WindowTokens { get; init; }

    /// <summary>
    /// Number of layers whose attention reaches back over <see cref="WindowTokens"/> only, from 0 to the number of layers.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1024)]
    public int WindowLayers { get; init; }

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

        if (QuantisesExpertsAlone && Experts == 1)
        {
            yield return new Problem("$.quantises_experts_alone", true, "false without experts");
        }

        if (WindowLayers > Layers || (WindowLayers > 0) != (WindowTokens is not null))
        {
            yield return new Problem(
                "$.window_layers", WindowLayers, $"1 to layers ({Layers}) with window_tokens, or neither of the two");
        }
    }
}
