using GreenServe.Records;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.HostProbes;

/// <summary>
/// Measures how long a thread of this host takes to launch an empty kernel without waiting for it: launches follow each other, and the time
/// of the host counts alone.
/// </summary>
/// <remarks>
/// A batch is smaller than the driver's queue of launches, and the queue is empty before each batch, so that no launch waits for the GPU.
/// A framework adds work of its own to each launch, which this does not show.
/// </remarks>
internal static class KernelLaunchProbe
{
    /// <summary>Launches of one batch. The queue of CUDA has room for 1,024.</summary>
    private const int BatchLaunches = 256;

    private const int WarmUpBatches = 20;
    private const int Batches = 101;

    /// <summary>Adds the launch time.</summary>
    /// <param name="speed">What is known of the host so far.</param>
    /// <param name="open">Opens the GPU.</param>
    /// <param name="clock">Source of time.</param>
    /// <exception cref="UnavailableException">There is no GPU that can be used.</exception>
    internal static HostSpeed Measure(HostSpeed speed, Func<IKernelLauncher> open, TimeProvider clock)
    {
        using IKernelLauncher launcher = open();
        double[] seconds = new double[WarmUpBatches + Batches];
        for (int batch = 0; batch < seconds.Length; batch++)
        {
            long start = clock.GetTimestamp();
            launcher.Launch(BatchLaunches);
            seconds[batch] = clock.GetElapsedTime(start).TotalSeconds;
            launcher.Wait();
        }

        BatchTimes times = BatchTimes.Of(seconds.Skip(WarmUpBatches));
        return speed with
        {
            LaunchSeconds = times.MedianSeconds / BatchLaunches,
            LaunchSpreadRatio = times.SpreadRatio,
            LaunchGpu = launcher.Gpu,
        };
    }
}
