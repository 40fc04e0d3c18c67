using GreenServe.Engine.Models;

namespace GreenServe.Engine.Runners.Onnx;

/// <summary>Which slots a binding covers, and the sizes of its tensors.</summary>
internal readonly record struct BindingShape(int FirstSlot, int SlotCount, int Layers, int VocabularySize, int HiddenSize, long[] CacheDimensions)
{
    internal static BindingShape Of(DecoderShape shape, int positions, int firstSlot, int slotCount) => new(
        firstSlot, slotCount, shape.Layers, shape.VocabularySize, shape.HiddenSize, [slotCount, shape.KeyValueHeads, positions, shape.HeadSize]);
}
