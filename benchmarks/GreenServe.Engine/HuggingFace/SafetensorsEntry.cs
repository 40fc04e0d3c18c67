namespace GreenServe.Engine.HuggingFace;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Element type as the file names it.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Start">First byte of its data in the file.</param>
/// <param name="Bytes">Length of its data.</param>
internal sealed record SafetensorsEntry(string Name, string TypeName, IReadOnlyList<long> Shape, long Start, long Bytes)
{
    /// <summary>Element type; <c>null</c> for one that is no weight type.</summary>
    internal SafetensorsElement? Element =>
        Enum.TryParse(TypeName, out SafetensorsElement element) && Enum.IsDefined(element) ? element : null;

    /// <summary>Bytes of one element of a weight type.</summary>
    internal int ElementBytes => Element == SafetensorsElement.F32 ? 4 : 2;

    /// <summary>Bytes its shape asks for.</summary>
    /// <exception cref="OverflowException">The shape is absurd.</exception>
    internal long ExpectedBytes => checked(Shape.Aggregate(1L, (product, size) => checked(product * size)) * ElementBytes);
}
