using GreenServe.Engine.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GreenServe.Engine.Runners.Onnx;

/// <summary>
/// The tensors of a run over neighbouring slots. They are bound once: the cache in place, inputs and scores in the runner's buffers.
/// </summary>
internal sealed class SlotBinding : IDisposable
{
    private readonly List<OrtValue> values = [];
    private readonly RunBuffers buffers;
    private readonly int vocabularySize;
    private readonly int hiddenSize;
    private OrtValue? chunk;
    private int? chunkTokens;

    internal SlotBinding(InferenceSession session, KeyValueSlots cache, RunBuffers buffers, BindingShape shape)
    {
        this.buffers = buffers;
        vocabularySize = shape.VocabularySize;
        hiddenSize = shape.HiddenSize;
        Binding = session.CreateIoBinding();
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            BindInPlace($"key_{layer}", cache.KeyAddress(layer, shape.FirstSlot), shape.CacheDimensions, cache.SlotBytes);
            BindInPlace($"value_{layer}", cache.ValueAddress(layer, shape.FirstSlot), shape.CacheDimensions, cache.SlotBytes);
        }

        int count = shape.SlotCount;
        Binding.BindInput("last_positions", Keep(TensorElementType.Int32, [count], buffers.LastPositions, count * sizeof(int)));
        Binding.BindInput("longest", Keep(TensorElementType.Int32, [1], buffers.Longest, sizeof(int)));
        Binding.BindOutput("logits", Keep(
            TensorElementType.Float, [count, vocabularySize], buffers.Scores, (long)count * vocabularySize * sizeof(float)));
        if (count > 1)
        {
            Binding.BindInput("embedded", Keep(
                TensorElementType.Float, [count, 1, hiddenSize], buffers.Embedded, (long)count * hiddenSize * sizeof(float)));
        }
    }

    internal OrtIoBinding Binding { get; }

    /// <summary>Binds the embeddings of a run over one slot. The number of tokens may differ from run to run.</summary>
    internal void BindChunk(int tokens)
    {
        if (tokens == chunkTokens)
        {
            return;
        }

        chunkTokens = tokens;
        OrtValue value = View(
            TensorElementType.Float, [1, tokens, hiddenSize], buffers.Embedded, (long)tokens * hiddenSize * sizeof(float));
        Binding.BindInput("embedded", value);
        chunk?.Dispose();
        chunk = value;
    }

    public void Dispose()
    {
        Binding.Dispose();
        chunk?.Dispose();
        foreach (OrtValue value in values)
        {
            value.Dispose();
        }
    }

    private void BindInPlace(string name, nint address, long[] dimensions, long slotBytes)
    {
        OrtValue value = Keep(TensorElementType.Float, dimensions, address, dimensions[0] * slotBytes);
        Binding.BindInput("past_" + name, value);
        Binding.BindOutput("present_" + name, value);
    }

    private OrtValue Keep(TensorElementType element, long[] dimensions, nint address, long bytes)
    {
        OrtValue value = View(element, dimensions, address, bytes);
        values.Add(value);
        return value;
    }

    private static OrtValue View(TensorElementType element, long[] dimensions, nint address, long bytes) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, element, dimensions, address, bytes);
}

/// <summary>The slots that a binding covers, and the sizes of its tensors.</summary>
/// <param name="FirstSlot">The first slot.</param>
/// <param name="SlotCount">The number of neighbouring slots.</param>
/// <param name="Layers">The number of layers of the decoder.</param>
/// <param name="VocabularySize">The number of tokens in the vocabulary.</param>
/// <param name="HiddenSize">The width of the residual stream, in elements.</param>
/// <param name="CacheDimensions">The shape of the cache: (slots, key-value heads, positions, head size).</param>
internal readonly record struct BindingShape(
    int FirstSlot, int SlotCount, int Layers, int VocabularySize, int HiddenSize, long[] CacheDimensions)
{
    internal static BindingShape Of(DecoderShape shape, int positions, int firstSlot, int slotCount)
    {
        long[] cache = [slotCount, shape.KeyValueHeads, positions, shape.HeadSize];
        return new BindingShape(firstSlot, slotCount, shape.Layers, shape.VocabularySize, shape.HiddenSize, cache);
    }
}
