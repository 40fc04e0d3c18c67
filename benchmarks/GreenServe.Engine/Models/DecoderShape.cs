using GreenServe.Records;
using GreenServe.Workloads.Models;

namespace GreenServe.Engine.Models;

/// <summary>
/// A Llama-architecture decoder that the runners can execute: RMS normalisation, rotary positions (half-split), grouped-query
/// attention without biases, SiLU-gated feed-forward layer.
/// </summary>
public sealed record DecoderShape
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest context (tokens).</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Whether the output head shares the embedding's weights.</summary>
    public bool TiedEmbedding { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Stretching of the rotary positions; <c>null</c> for none.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Added to the mean square in a normalisation.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Rows of the stacked query, key and value matrix.</summary>
    public int AttentionRows => (Heads + (2 * KeyValueHeads)) * HeadSize;

    /// <summary>Elements of the key and value cache for one token, all layers.</summary>
    public long CacheElementsPerToken => 2L * Layers * KeyValueHeads * HeadSize;

    /// <summary>The token embedding.</summary>
    public DecoderTensor Embedding => new("model.embed_tokens.weight", TensorRole.Embedding, VocabularySize, HiddenSize);

    /// <summary>The last normalisation.</summary>
    public DecoderTensor FinalNorm => new("model.norm.weight", TensorRole.Norm, 1, HiddenSize);

    /// <summary>The output head: the embedding itself where it is tied.</summary>
    public DecoderTensor Head => TiedEmbedding
        ? Embedding
        : new("lm_head.weight", TensorRole.Input, VocabularySize, HiddenSize);

    /// <summary>Every weight tensor once.</summary>
    public IEnumerable<DecoderTensor> Tensors
    {
        get
        {
            IEnumerable<DecoderTensor> layers = Enumerable.Range(0, Layers).SelectMany(layer => Layer(layer).All);
            return TiedEmbedding ? [Embedding, .. layers, FinalNorm] : [Embedding, .. layers, FinalNorm, Head];
        }
    }

    /// <summary>Number of weights.</summary>
    public long ParameterCount => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>The shape of a model definition.</summary>
    /// <exception cref="InvalidInputException">It is not a Llama architecture, or a size that the decoder cannot have.</exception>
    public static DecoderShape From(ModelDefinition model)
    {
        List<Problem> problems = [];
        if (model.Experts != 1)
        {
            problems.Add(new Problem("$.experts", model.Experts, "1: the engine runs dense Llama architectures", model.Name));
        }

        if (model.FeedForwardMatrices != 3)
        {
            problems.Add(new Problem("$.feed_forward_matrices", model.FeedForwardMatrices,
                "3: the engine runs gated (Llama) feed-forward layers", model.Name));
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }

        DecoderShape shape = new()
        {
            Name = model.Name,
            Layers = model.Layers,
            HiddenSize = model.HiddenSize,
            IntermediateSize = model.IntermediateSize,
            Heads = model.Heads,
            KeyValueHeads = model.KeyValueHeads,
            HeadSize = model.HeadSize,
            VocabularySize = model.VocabularySize,
            ContextTokens = model.ContextTokens,
            TiedEmbedding = model.TiedEmbedding,
        };
        shape.RequireRunnable(model.Name);
        return shape;
    }

    /// <summary>The weight tensors of one layer.</summary>
    /// <param name="layer">From 0.</param>
    public LayerTensors Layer(int layer)
    {
        string prefix = $"model.layers.{layer}.";
        return new LayerTensors(
            new(prefix + "input_layernorm.weight", TensorRole.Norm, 1, HiddenSize),
            new(prefix + "self_attn.q_proj.weight", TensorRole.Input, Heads * HeadSize, HiddenSize),
            new(prefix + "self_attn.k_proj.weight", TensorRole.Input, KeyValueHeads * HeadSize, HiddenSize),
            new(prefix + "self_attn.v_proj.weight", TensorRole.Input, KeyValueHeads * HeadSize, HiddenSize),
            new(prefix + "self_attn.o_proj.weight", TensorRole.Residual, HiddenSize, Heads * HeadSize),
            new(prefix + "post_attention_layernorm.weight", TensorRole.Norm, 1, HiddenSize),
            new(prefix + "mlp.gate_proj.weight", TensorRole.Input, IntermediateSize, HiddenSize),
            new(prefix + "mlp.up_proj.weight", TensorRole.Input, IntermediateSize, HiddenSize),
            new(prefix + "mlp.down_proj.weight", TensorRole.Residual, HiddenSize, IntermediateSize));
    }

    /// <summary>Cosine and sine of the rotary angle of every position and frequency.</summary>
    /// <param name="positions">Positions from 0.</param>
    /// <returns>Two row-major tables of shape (positions, head size / 2).</returns>
    public (float[] Cosine, float[] Sine) RotaryTables(int positions)
    {
        int half = HeadSize / 2;
        float[] cosine = new float[(long)positions * half];
        float[] sine = new float[(long)positions * half];
        for (int index = 0; index < half; index++)
        {
            double frequency = RotaryFrequency(index);
            for (int position = 0; position < positions; position++)
            {
                // Positions are small integers: the product in double keeps the angle exact to 1e-11 at a million.
                (double sin, double cos) = Math.SinCos(position * frequency);
                cosine[((long)position * half) + index] = (float)cos;
                sine[((long)position * half) + index] = (float)sin;
            }
        }

        return (cosine, sine);
    }

    /// <summary>Angular frequency (radians a position) of one pair of a head's elements.</summary>
    /// <param name="index">In [0, head size / 2).</param>
    public double RotaryFrequency(int index)
    {
        double frequency = Math.Pow(RopeTheta, -2.0 * index / HeadSize);
        return RopeScaling?.Scale(frequency) ?? frequency;
    }

    /// <summary>Refuses a shape that no runner can execute.</summary>
    /// <param name="file">The document it came from.</param>
    /// <exception cref="InvalidInputException">Heads and their size do not fit rotary positions.</exception>
    internal void RequireRunnable(string file)
    {
        if (HeadSize % 16 != 0)
        {
            throw new InvalidInputException(
                new Problem("$.head_size", HeadSize, "a multiple of 16: the attention kernels rotate 16 elements at a time", file));
        }
    }
}
