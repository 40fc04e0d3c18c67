using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>The highest rates of a CUDA device, measured on the device. The steps of the engine are compared with them.</summary>
/// <param name="CopyBytesPerSecond">The rate of a large copy within the device's memory: bytes read plus bytes written, a second.</param>
/// <param name="ProductOperationsPerSecond">
/// The rate of a bf16 matrix product of 8192^3 on random operands, in floating-point operations a second.
/// </param>
internal sealed record DeviceCeilings(double CopyBytesPerSecond, double ProductOperationsPerSecond)
{
    private const long CopyBytes = 1L << 32;
    private const long LinkBytes = 1L << 28;
    private const int Side = 8192;
    private const int SmallBytes = 8192;
    private const int WarmUpRounds = 3;
    private const int Repetitions = 20;

    /// <summary>Measures both rates, which takes about a second.</summary>
    /// <remarks>The library must be loaded, and 9 GB of the device's memory must be free.</remarks>
    internal static DeviceCeilings Measure(TimeProvider clock)
    {
        using IDisposable withoutGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();

        // The operands are random, since operands that do not toggle draw less power and run faster under a power cap.
        Tensor left = randn(Side, Side, dtype: ScalarType.BFloat16, device: CUDA);
        Tensor right = randn(Side, Side, dtype: ScalarType.BFloat16, device: CUDA);
        double product = SecondsOf(() => matmul(left, right).Dispose(), clock);
        Tensor source = left.flatten().repeat(CopyBytes / (2L * Side * Side));
        Tensor target = empty_like(source);
        double copy = SecondsOf(() => target.copy_(source), clock);
        return new DeviceCeilings(2.0 * CopyBytes / copy, 2.0 * Side * Side * Side / product);
    }

    /// <summary>Returns the highest rates of several such devices together.</summary>
    internal DeviceCeilings Times(int devices) => new(CopyBytesPerSecond * devices, ProductOperationsPerSecond * devices);

    /// <summary>Measures copies from the second device to the first.</summary>
    /// <returns>The rate of a large copy in bytes a second, and the time of a copy of 8 KiB in seconds.</returns>
    internal static (double BytesPerSecond, double SmallSeconds) MeasureLink(TimeProvider clock)
    {
        using IDisposable withoutGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor source = zeros(LinkBytes, dtype: ScalarType.Byte, device: new Device(DeviceType.CUDA, 1));
        Tensor target = zeros(LinkBytes, dtype: ScalarType.Byte, device: new Device(DeviceType.CUDA, 0));
        double large = SecondsOf(() => target.copy_(source), clock);
        Tensor smallSource = source.narrow(0, 0, SmallBytes);
        Tensor smallTarget = target.narrow(0, 0, SmallBytes);
        return (LinkBytes / large, SecondsOf(() => smallTarget.copy_(smallSource), clock));
    }

    /// <summary>Measures the mean time of an action on the device in seconds, after three rounds of warm-up.</summary>
    private static double SecondsOf(Action action, TimeProvider clock)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            action();
        }

        cuda.synchronize();
        long begin = clock.GetTimestamp();
        for (int round = 0; round < Repetitions; round++)
        {
            action();
        }

        cuda.synchronize();
        return clock.GetElapsedTime(begin).TotalSeconds / Repetitions;
    }
}
