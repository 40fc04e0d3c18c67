namespace GreenServe.Engine.HuggingFace;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="TypeName">The element type as the file names it.</param>
/// <param name="Shape">The dimensions of the tensor.</param>
/// <param name="Start">The place in the file where the tensor's data begins, in bytes.</param>
/// <param name="Bytes">The length of the tensor's data, in bytes.</param>
internal sealed record SafetensorsEntry(string Name, string TypeName, IReadOnlyList<long> Shape, long Start, long Bytes)
{
    /// <summary>The element type; <c>null</c> if the file's type is not one of weights.</summary>
    internal SafetensorsElement? Element =>
        Enum.TryParse(TypeName, out SafetensorsElement element) && Enum.IsDefined(element) ? element : null;

    /// <summary>The size of one element in bytes. It is meaningful only if the tensor has an <see cref="Element"/>.</summary>
    internal int ElementBytes => Element == SafetensorsElement.F32 ? 4 : 2;

    /// <summary>The length that the data must have according to shape and element type, in bytes.</summary>
    /// <exception cref="OverflowException">The length does not fit 64 bits.</exception>
    internal long ExpectedBytes => checked(Shape.Aggregate(1L, (product, size) => checked(product * size)) * ElementBytes);
}

/// <summary>The element types in which safetensors files hold weights of the Llama family.</summary>
internal enum SafetensorsElement
{
    /// <summary>16-bit bfloat16 numbers.</summary>
    BF16,

    /// <summary>16-bit floating point of IEEE 754.</summary>
    F16,

    /// <summary>32-bit floating point of IEEE 754.</summary>
    F32,
}
