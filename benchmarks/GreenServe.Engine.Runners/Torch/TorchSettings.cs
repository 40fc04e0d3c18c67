namespace GreenServe.Engine.Runners.Torch;

/// <summary>How the torch runner computes.</summary>
/// <param name="UseCuda">On the CUDA device, else on the CPU.</param>
/// <param name="HalfPrecision">Weights, activations and cache in bf16, else in float32.</param>
/// <param name="Threads">Threads on the CPU, at least 1.</param>
public sealed record TorchSettings(bool UseCuda, bool HalfPrecision, int Threads)
{
    /// <summary>Whether attention may read the cache in place where the device can; else it gathers and pads, for comparison.</summary>
    public bool AllowRagged { get; init; } = true;

    /// <summary>CUDA devices that share each layer, the first ones; on the CPU as many parts of one processor, for comparison. At least 1.</summary>
    public int TensorParallelism { get; init; } = 1;

    /// <summary>Bytes of one element of weights and cache.</summary>
    internal int BytesPerElement => HalfPrecision ? 2 : 4;

    /// <summary>Whether attention reads the cache in place: that needs a GPU and 16-bit elements.</summary>
    internal bool IsRagged => UseCuda && HalfPrecision && AllowRagged;
}
