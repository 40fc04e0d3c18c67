using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>What a CUDA device can do at most, measured on it: what steps of the engine are held against.</summary>
/// <param name="CopyBytesPerSecond">A large copy within the device's memory, bytes read plus bytes written (B/s).</param>
/// <param name="ProductOperationsPerSecond">A bf16 matrix product of 8192^3 on random operands (floating-point operations/s).</param>
internal sealed record DeviceCeilings(double CopyBytesPerSecond, double ProductOperationsPerSecond)
{
    private const long CopyBytes = 1L << 32;
    private const long LinkBytes = 1L << 28;
    private const int Side = 8192;
    private const int Repetitions = 20;

    /// <summary>Measures both; takes about a second. The library must be loaded, and 9 GB of the device's memory free.</summary>
    internal static DeviceCeilings Measure()
    {
        using IDisposable withoutGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();

        // Random, not zeros: operands that do not toggle draw less power and run faster under a power cap.
        Tensor left = randn(Side, Side, dtype: ScalarType.BFloat16, device: CUDA);
        Tensor right = randn(Side, Side, dtype: ScalarType.BFloat16, device: CUDA);
        double product = SecondsOf(() => matmul(left, right).Dispose());
        Tensor source = left.flatten().repeat(CopyBytes / (2L * Side * Side));
        Tensor target = empty_like(source);
        double copy = SecondsOf(() => target.copy_(source));
        return new DeviceCeilings(2.0 * CopyBytes / copy, 2.0 * Side * Side * Side / product);
    }

    /// <summary>What several of these devices can do at most together.</summary>
    internal DeviceCeilings Times(int devices) => new(CopyBytesPerSecond * devices, ProductOperationsPerSecond * devices);

    /// <summary>Copies from the second device to the first: the rate of a large one (B/s), and the time of one of 8 KiB (s), one after the other.</summary>
    internal static (double BytesPerSecond, double SmallSeconds) MeasureLink()
    {
        using IDisposable withoutGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor source = zeros(LinkBytes, dtype: ScalarType.Byte, device: new Device(DeviceType.CUDA, 1));
        Tensor target = zeros(LinkBytes, dtype: ScalarType.Byte, device: new Device(DeviceType.CUDA, 0));
        double large = SecondsOf(() => target.copy_(source));
        Tensor smallSource = source.narrow(0, 0, 8192);
        Tensor smallTarget = target.narrow(0, 0, 8192);
        return (LinkBytes / large, SecondsOf(() => smallTarget.copy_(smallSource)));
    }

    /// <summary>Mean time of an action on the device, after three to warm up.</summary>
    private static double SecondsOf(Action action)
    {
        for (int round = 0; round < 3; round++)
        {
            action();
        }

        cuda.synchronize();
        long begin = TimeProvider.System.GetTimestamp();
        for (int round = 0; round < Repetitions; round++)
        {
            action();
        }

        cuda.synchronize();
        return TimeProvider.System.GetElapsedTime(begin).TotalSeconds / Repetitions;
    }
}
