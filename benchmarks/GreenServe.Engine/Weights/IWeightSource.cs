using GreenServe.Engine.Models;

namespace GreenServe.Engine.Weights;

/// <summary>The origin of a model's weights: a seed or files. Every runner gets the same values from it.</summary>
/// <remarks>Implementations are thread-safe.</remarks>
public interface IWeightSource
{
    /// <summary>The name of the source in logs, for example <c>random, seed 1</c>.</summary>
    string Description { get; }

    /// <summary>Reads consecutive elements of a tensor as float32. The elements of a tensor are in row-major order.</summary>
    /// <param name="tensor">A tensor of the decoder's shape.</param>
    /// <param name="firstElement">The index of the first element to read, from 0.</param>
    /// <param name="destination">Receives the elements and is filled completely. It must not reach beyond the end of the tensor.</param>
    void Read(DecoderTensor tensor, long firstElement, Span<float> destination);
}
