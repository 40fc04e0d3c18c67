using GreenServe.Engine.Models;

namespace GreenServe.Engine.Weights;

/// <summary>Random weights from a seed. The same seed gives the same weights on every runner.</summary>
/// <remarks>
/// Speed and energy depend on the shape of a model and hardly on the values of its weights, unless the values are zero or constant.
/// Operands that do not toggle draw less power.
/// </remarks>
/// <param name="shape">The shape of the decoder.</param>
/// <param name="seed">The seed. Any number will do.</param>
public sealed class RandomWeights(DecoderShape shape, ulong seed) : IWeightSource
{
    private const int ChunkElements = 1 << 20;

    /// <inheritdoc />
    public string Description => $"random, seed {seed}";

    /// <summary>Creates the generator of one tensor, for runners that fill the tensor on their own device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tensor has more elements than the 32-bit counter can count.</exception>
    public RandomTensor For(DecoderTensor tensor)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tensor.Elements, uint.MaxValue);
        return RandomTensor.For(tensor, seed, shape.Layers);
    }

    /// <inheritdoc />
    public unsafe void Read(DecoderTensor tensor, long firstElement, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstElement + destination.Length, tensor.Elements);
        RandomTensor generator = For(tensor);
        if (destination.Length <= ChunkElements)
        {
            generator.Fill((uint)firstElement, destination);
            return;
        }

        int length = destination.Length;
        fixed (float* start = destination)
        {
            float* pinned = start;
            Parallel.For(0, (length + ChunkElements - 1) / ChunkElements, chunk =>
            {
                int offset = chunk * ChunkElements;
                Span<float> part = new(pinned + offset, Math.Min(ChunkElements, length - offset));
                generator.Fill((uint)(firstElement + offset), part);
            });
        }
    }
}
