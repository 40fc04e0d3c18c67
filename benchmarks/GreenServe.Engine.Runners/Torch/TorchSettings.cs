namespace GreenServe.Engine.Runners.Torch;

/// <summary>The device and the precision of the torch runner.</summary>
/// <param name="UseCuda">Whether the runner computes on CUDA devices. Otherwise it computes on the CPU.</param>
/// <param name="HalfPrecision">Whether weights, activations and cache are bf16. Otherwise they are float32.</param>
/// <param name="Threads">The number of threads that compute on the CPU, at least 1.</param>
internal sealed record TorchSettings(bool UseCuda, bool HalfPrecision, int Threads)
{
    /// <summary>
    /// Whether attention may read the cache in place if the device can do so. Otherwise attention gathers and pads, which serves to compare
    /// results.
    /// </summary>
    /// <value>Default: <c>true</c>.</value>
    public bool AllowRagged { get; init; } = true;

    /// <summary>
    /// The number of CUDA devices that share each layer; the first devices of the host are used. On the CPU it is the number of parts into
    /// which one processor's work is divided, which serves to compare results.
    /// </summary>
    /// <value>At least 1. Default: 1.</value>
    public int TensorParallelism { get; init; } = 1;

    /// <summary>The size of one element of weights and cache, in bytes.</summary>
    internal int BytesPerElement => HalfPrecision ? 2 : 4;

    /// <summary>Whether attention reads the cache in place. This needs a GPU and elements of 16 bits.</summary>
    internal bool IsRagged => UseCuda && HalfPrecision && AllowRagged;
}
