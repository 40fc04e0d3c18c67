using GreenServe.Engine.Models;

namespace GreenServe.Engine.Weights;

/// <summary>Where weights come from: a seed or files. Every runner gets the same values. Thread-safe.</summary>
public interface IWeightSource
{
    /// <summary>What to call it in logs, for example <c>random, seed 1</c>.</summary>
    string Description { get; }

    /// <summary>Reads consecutive elements of a tensor, row-major, as float32.</summary>
    /// <param name="tensor">A tensor of the decoder's shape.</param>
    /// <param name="firstElement">From 0.</param>
    /// <param name="destination">Filled whole; must not reach past the tensor's end.</param>
    void Read(DecoderTensor tensor, long firstElement, Span<float> destination);
}
