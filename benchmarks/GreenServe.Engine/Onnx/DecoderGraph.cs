using System.Runtime.InteropServices;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Engine.Onnx;

/// <summary>
/// Writes a decoder of the Llama architecture as a model for ONNX Runtime. The model runs batches of sequences of different lengths over a
/// cache that each run extends in place. A run of more than one token a sequence needs a batch of one.
/// </summary>
/// <remarks>
/// <para>
/// The input <c>embedded</c>, float32 (batch, tokens, hidden), holds the row of the embedding for each token. The caller looks it up:
/// within the graph, a table that is also the head would be held twice, once as it is and once packed. The input <c>last_positions</c>,
/// int32 (batch), holds the number of cached tokens of each sequence after this run, minus one. The input <c>longest</c>, int32 (1), is
/// the largest of them plus one. The inputs <c>past_key_i</c> and <c>past_value_i</c>, float32 (batch, key-value heads, positions, head
/// size), hold the cache of layer i.
/// </para>
/// <para>
/// The output <c>logits</c>, float32 (batch, vocabulary), holds the scores after the last token of each sequence. The outputs
/// <c>present_key_i</c> and <c>present_value_i</c> must be bound to the same memory as <c>past_key_i</c> and <c>past_value_i</c>.
/// </para>
/// </remarks>
public sealed class DecoderGraph
{
    private readonly DecoderShape shape;
    private readonly IWeightSource weights;
    private readonly OnnxWeightFormat format;
    private readonly int positions;
    private readonly OnnxGraph graph = new();

    private DecoderGraph(DecoderShape shape, IWeightSource weights, OnnxWeightFormat format, int positions)
    {
        this.shape = shape;
        this.weights = weights;
        this.format = format;
        this.positions = positions;
    }

    /// <summary>Writes the model of a decoder, and its weights into a side file beside it.</summary>
    /// <param name="path">The path of the model file. The side file has the same path with <c>.data</c> added.</param>
    /// <param name="shape">The shape of the decoder.</param>
    /// <param name="weights">The weights of the decoder.</param>
    /// <param name="format">The format in which matrices are stored.</param>
    /// <param name="positions">The largest number of tokens in a sequence, which is the third dimension of the cache.</param>
    /// <returns>The size of the weights in bytes.</returns>
    public static long Write(string path, DecoderShape shape, IWeightSource weights, OnnxWeightFormat format, int positions)
    {
        OnnxGraph graph = Build(shape, weights, format, positions);
        graph.Write(path);
        return graph.ConstantBytes;
    }

    /// <summary>Builds the model. The weights are read when it is written.</summary>
    private static OnnxGraph Build(DecoderShape shape, IWeightSource weights, OnnxWeightFormat format, int positions)
    {
        DecoderGraph builder = new(shape, weights, format, positions);
        builder.AddInputs();
        builder.AddDecoder();
        return builder.graph;
    }

    private void AddInputs()
    {
        graph.AddInput(new OnnxValue("embedded", OnnxElement.Float32, ["batch", "tokens", shape.HiddenSize]));
        graph.AddInput(new OnnxValue("last_positions", OnnxElement.Int32, ["batch"]));
        graph.AddInput(new OnnxValue("longest", OnnxElement.Int32, [1]));
        (float[] cosine, float[] sine) = shape.RotaryTables(positions);
        AddTable("cosine", cosine);
        AddTable("sine", sine);
        graph.AddConstant(new OnnxTensor("last", OnnxElement.Int64, [], stream => stream.Write(BitConverter.GetBytes(-1L))));
    }

    private void AddTable(string name, float[] values) => graph.AddConstant(new OnnxTensor(
        name, OnnxElement.Float32, [positions, shape.HeadSize / 2], stream => stream.Write(MemoryMarshal.AsBytes<float>(values))));

    private void AddDecoder()
    {
        string residual = "embedded";
        string? branch = null;
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            (residual, branch) = AddLayer(layer, residual, branch);
        }

        (string normalized, _) = AddNorm(shape.FinalNorm, residual, branch);

        // Only the last token of a sequence has a successor to predict. The head, which is the widest matrix, therefore runs on one row.
        graph.AddNode(new OnnxNode("Gather", [normalized, "last"], ["final"])
        {
            Attributes = new Dictionary<string, object> { ["axis"] = 1L },
        });
        AddHead();
        graph.AddOutput(new OnnxValue("logits", OnnxElement.Float32, ["batch", shape.VocabularySize]));
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            graph.AddOutput(CacheValue($"present_key_{layer}"));
            graph.AddOutput(CacheValue($"present_value_{layer}"));
        }
    }

    private (string Residual, string Branch) AddLayer(int layer, string residual, string? branch)
    {
        LayerTensors tensors = shape.Layer(layer);
        (string normalized, residual) = AddNorm(tensors.AttentionNorm, residual, branch);
        string packed = AddMatrix($"layer{layer}.qkv", normalized, tensors.Attention);
        string attended = AddAttention(layer, packed);
        string attention = AddMatrix($"layer{layer}.attention_output", attended, [tensors.AttentionOutput]);

        (normalized, residual) = AddNorm(tensors.FeedForwardNorm, residual, attention);
        string gate = AddMatrix($"layer{layer}.gate", normalized, [tensors.Gate]);
        string up = AddMatrix($"layer{layer}.up", normalized, [tensors.Up]);
        string activated = $"layer{layer}.activated";
        graph.AddNode(new OnnxNode("QuickGelu", [gate], [activated])
        {
            Domain = OnnxGraph.MicrosoftDomain,

            // With an alpha of 1 the operator computes x * sigmoid(x), which is SiLU.
            Attributes = new Dictionary<string, object> { ["alpha"] = 1f },
        });
        string gated = $"layer{layer}.gated";
        graph.AddNode(new OnnxNode("Mul", [activated, up], [gated]));
        return (residual, AddMatrix($"layer{layer}.down", gated, [tensors.Down]));
    }

    private string AddAttention(int layer, string packed)
    {
        graph.AddInput(CacheValue($"past_key_{layer}"));
        graph.AddInput(CacheValue($"past_value_{layer}"));
        string output = $"layer{layer}.attended";
        graph.AddNode(new OnnxNode(
            "GroupQueryAttention",
            [packed, "", "", $"past_key_{layer}", $"past_value_{layer}", "last_positions", "longest", "cosine", "sine"],
            [output, $"present_key_{layer}", $"present_value_{layer}"])
        {
            Domain = OnnxGraph.MicrosoftDomain,
            Attributes = new Dictionary<string, object>
            {
                ["num_heads"] = (long)shape.Heads,
                ["kv_num_heads"] = (long)shape.KeyValueHeads,
                ["do_rotary"] = 1L,
                ["rotary_interleaved"] = 0L,
            },
        });
        return output;
    }

    /// <summary>Adds the branch, unless it is <c>null</c>, to the residual stream and normalises the sum.</summary>
    private (string Normalized, string Residual) AddNorm(DecoderTensor gain, string residual, string? branch)
    {
        AddVectorOrTable(gain);
        string normalized = gain.Name + ":normalized";
        float epsilon = (float)shape.NormEpsilon;
        if (branch is null)
        {
            graph.AddNode(new OnnxNode("SimplifiedLayerNormalization", [residual, gain.Name], [normalized])
            {
                Attributes = new Dictionary<string, object> { ["axis"] = -1L, ["epsilon"] = epsilon, ["stash_type"] = 1L },
            });
            return (normalized, residual);
        }

        string sum = gain.Name + ":sum";
        graph.AddNode(new OnnxNode("SkipSimplifiedLayerNormalization", [branch, residual, gain.Name], [normalized, "", "", sum])
        {
            Domain = OnnxGraph.MicrosoftDomain,
            Attributes = new Dictionary<string, object> { ["epsilon"] = epsilon },
        });
        return (normalized, sum);
    }

    private void AddHead()
    {
        if (shape.TiedEmbedding && format == OnnxWeightFormat.Float32)
        {
            AddVectorOrTable(shape.Embedding);
            graph.AddNode(new OnnxNode("Gemm", ["final", shape.Embedding.Name], ["logits"])
            {
                Attributes = new Dictionary<string, object> { ["transB"] = 1L },
            });
            return;
        }

        AddMatrix("head", "final", [shape.Head], output: "logits");
    }

    /// <summary>Adds the product of an input with one or more tensors whose rows are stacked.</summary>
    private string AddMatrix(string name, string input, IReadOnlyList<DecoderTensor> stacked, string? output = null)
    {
        output ??= name + ":output";
        if (format == OnnxWeightFormat.Float32)
        {
            graph.AddConstant(MatrixContent.Transposed(name, stacked, weights));
            graph.AddNode(new OnnxNode("MatMul", [input, name], [output]));
            return output;
        }

        int bits = format == OnnxWeightFormat.Int8 ? 8 : 4;
        (OnnxTensor packed, OnnxTensor scales) = MatrixContent.Quantized(name, stacked, weights, bits);
        graph.AddConstant(packed);
        graph.AddConstant(scales);
        graph.AddNode(new OnnxNode("MatMulNBits", [input, packed.Name, scales.Name], [output])
        {
            Domain = OnnxGraph.MicrosoftDomain,
            Attributes = new Dictionary<string, object>
            {
                ["K"] = (long)stacked[0].Columns,
                ["N"] = (long)stacked.Sum(tensor => tensor.Rows),
                ["bits"] = (long)bits,
                ["block_size"] = (long)BlockQuantization.BlockSize,

                // Level 4 computes with activations of 8 bits. Level 0 decodes slower than float32.
                ["accuracy_level"] = 4L,
            },
        });
        return output;
    }

    private void AddVectorOrTable(DecoderTensor tensor) =>
        graph.AddConstant(new OnnxTensor(tensor.Name, OnnxElement.Float32, tensor.Shape, MatrixContent.AsIs(tensor, weights)));

    private OnnxValue CacheValue(string name) =>
        new(name, OnnxElement.Float32, ["batch", shape.KeyValueHeads, positions, shape.HeadSize]);
}

/// <summary>The format in which the CPU runner stores matrices. Activations and cache are float32 in every format.</summary>
public enum OnnxWeightFormat
{
    /// <summary>32-bit floating point numbers.</summary>
    Float32,

    /// <summary>8-bit integers in blocks of 32, with one scale a block.</summary>
    Int8,

    /// <summary>4-bit integers in blocks of 32, with one scale a block.</summary>
    Int4,
}
