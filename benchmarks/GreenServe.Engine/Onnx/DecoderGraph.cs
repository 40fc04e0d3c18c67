using System.Runtime.InteropServices;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;

namespace GreenServe.Engine.Onnx;

/// <summary>
/// Writes a Llama-architecture decoder as an ONNX model for ONNX Runtime: ragged batches over a cache that each run extends in place.
/// </summary>
/// <remarks>
/// Inputs: <c>embedded</c> float32 (batch, tokens, hidden), the embedding's row of each token, looked up outside: inside, a table that
/// is also the head would be held twice, as it is and packed; <c>last_positions</c> int32 (batch), the cached tokens of each sequence after this run minus
/// one; <c>longest</c> int32, the largest of them plus one; <c>past_key_i</c> and <c>past_value_i</c> float32 (batch, key-value heads,
/// positions, head size), each bound to the same memory as <c>present_key_i</c> and <c>present_value_i</c>. Output: <c>logits</c> float32
/// (batch, vocabulary) of each sequence's last token. More than one token a sequence needs a batch of one.
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

    /// <summary>Writes the model of a decoder and, beside it, the side file with its weights (<c>.data</c>).</summary>
    /// <param name="path">The model file.</param>
    /// <param name="shape">The decoder.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="format">How matrices are stored.</param>
    /// <param name="positions">Longest sequence: the cache's third dimension.</param>
    /// <returns>Bytes of weights.</returns>
    public static long Write(string path, DecoderShape shape, IWeightSource weights, OnnxWeightFormat format, int positions)
    {
        OnnxGraph graph = Build(shape, weights, format, positions);
        graph.Write(path);
        return graph.ConstantBytes;
    }

    /// <summary>Builds the model; weights are read when it is written.</summary>
    internal static OnnxGraph Build(DecoderShape shape, IWeightSource weights, OnnxWeightFormat format, int positions)
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

        // Only the last token of a sequence has a successor to predict: the head, the widest matrix, runs on one row.
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
            Attributes = new Dictionary<string, object> { ["alpha"] = 1f },   // x * sigmoid(x): SiLU
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

    /// <summary>Adds the branch to the residual stream, if there is one yet, and normalises the sum.</summary>
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

    /// <summary>A product with one or more tensors whose rows are stacked.</summary>
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
                ["accuracy_level"] = 4L,   // activations in 8 bits; level 0 decodes slower than float32
            },
        });
        return output;
    }

    private void AddVectorOrTable(DecoderTensor tensor) =>
        graph.AddConstant(new OnnxTensor(tensor.Name, OnnxElement.Float32, tensor.Shape, MatrixContent.AsIs(tensor, weights)));

    private OnnxValue CacheValue(string name) =>
        new(name, OnnxElement.Float32, ["batch", shape.KeyValueHeads, positions, shape.HeadSize]);
}
