namespace GreenServe.Engine.Onnx;

/// <summary>A constant tensor of the graph, kept in the side file or, where small, in the model itself.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Element">Element type.</param>
/// <param name="Dimensions">Shape; empty for a scalar.</param>
/// <param name="Write">Writes all elements, little-endian and row-major.</param>
internal sealed record OnnxTensor(string Name, OnnxElement Element, IReadOnlyList<long> Dimensions, Action<Stream> Write)
{
    /// <summary>Length of its content in bytes.</summary>
    internal long Bytes => Dimensions.Aggregate(1L, (product, size) => product * size) * BytesPerElement;

    private int BytesPerElement => Element switch
    {
        OnnxElement.UInt8 => 1,
        OnnxElement.Int64 => 8,
        _ => 4,
    };
}
