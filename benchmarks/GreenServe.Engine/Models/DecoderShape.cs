using GreenServe.Records;
using GreenServe.Workloads.Models;

namespace GreenServe.Engine.Models;

/// <summary>
/// The shape of a decoder of the Llama architecture, which is the architecture that the runners can execute.
/// </summary>
/// <remarks>
/// Such a decoder has RMS normalisations, rotary positions on split halves, grouped-query attention without biases, and feed-forward
/// layers gated by SiLU.
/// </remarks>
public sealed record DecoderShape
{
    // The attention kernels rotate this many elements of a head at a time.
    private const int RotatedElements = 16;

    /// <summary>The name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The number of transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>The width of the residual stream, in elements.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The width of the feed-forward layer, in elements.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>The number of key heads, which is also the number of value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>The width of one head, in elements.</summary>
    public required int HeadSize { get; init; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The largest number of tokens in a sequence.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Whether the output head shares the embedding's weights.</summary>
    public bool TiedEmbedding { get; init; }

    /// <summary>The base of the rotary frequencies.</summary>
    /// <value>Default: 10000.</value>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>The stretching of the rotary positions; <c>null</c> if they are not stretched.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>The number that a normalisation adds to the mean square.</summary>
    /// <value>Default: 1e-5.</value>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The number of rows of the stacked query, key and value matrix.</summary>
    public int AttentionRows => (Heads + (2 * KeyValueHeads)) * HeadSize;

    /// <summary>The number of elements that one token takes in the key-value cache, summed over all layers.</summary>
    public long CacheElementsPerToken => 2L * Layers * KeyValueHeads * HeadSize;

    /// <summary>The tensor of the token embedding.</summary>
    public DecoderTensor Embedding => new("model.embed_tokens.weight", TensorRole.Embedding, VocabularySize, HiddenSize);

    /// <summary>The gain of the last normalisation.</summary>
    public DecoderTensor FinalNorm => new("model.norm.weight", TensorRole.Norm, 1, HiddenSize);

    /// <summary>The matrix of the output head. It is <see cref="Embedding"/> itself if the embedding is tied.</summary>
    public DecoderTensor Head => TiedEmbedding
        ? Embedding
        : new("lm_head.weight", TensorRole.Input, VocabularySize, HiddenSize);

    /// <summary>Every weight tensor of the decoder. A tied head is not listed a second time.</summary>
    public IEnumerable<DecoderTensor> Tensors
    {
        get
        {
            IEnumerable<DecoderTensor> layers = Enumerable.Range(0, Layers).SelectMany(layer => Layer(layer).All);
            return TiedEmbedding ? [Embedding, .. layers, FinalNorm] : [Embedding, .. layers, FinalNorm, Head];
        }
    }

    /// <summary>The number of weights.</summary>
    public long ParameterCount => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Reads the shape from a model definition.</summary>
    /// <exception cref="InvalidInputException">
    /// The model is not of the Llama architecture, or the decoder cannot have one of its sizes.
    /// </exception>
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
    /// <param name="layer">The number of the layer, from 0.</param>
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

    /// <summary>Computes cosine and sine of the rotary angle of every position and frequency.</summary>
    /// <param name="positions">The number of positions, which begin at 0.</param>
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

    /// <summary>Computes the angular frequency of one pair of a head's elements.</summary>
    /// <param name="index">The number of the pair, in [0, head size / 2).</param>
    /// <returns>The frequency in radians a position.</returns>
    public double RotaryFrequency(int index)
    {
        double frequency = Math.Pow(RopeTheta, -2.0 * index / HeadSize);
        return RopeScaling?.Scale(frequency) ?? frequency;
    }

    /// <summary>Refuses a shape that no runner can execute.</summary>
    /// <param name="file">The document from which the shape was read. Problems name it.</param>
    /// <exception cref="InvalidInputException">The attention kernels cannot rotate heads of this size.</exception>
    internal void RequireRunnable(string file)
    {
        if (HeadSize % RotatedElements != 0)
        {
            throw new InvalidInputException(
                new Problem("$.head_size", HeadSize, "a multiple of 16: the attention kernels rotate 16 elements at a time", file));
        }
    }
}
