using GreenServe.Records.Systems;

namespace GreenServe.Metering.HostProbes;

/// <summary>Measures the speed of one thread of this host with <see cref="SchedulerWorkload"/>.</summary>
internal static class SingleThreadProbe
{
    /// <summary>
    /// Operations of one batch, 2 to 3 ms. That is less than a time slice of the system, so that most batches run undisturbed on a host
    /// that other programs use too.
    /// </summary>
    private const int BatchOperations = 20_000;

    private const int Batches = 151;

    /// <summary>Operations that fill the caches and spread the requests over their states.</summary>
    private const int WarmUpOperations = 500_000;

    /// <summary>Adds the speed of one thread.</summary>
    /// <param name="speed">What is known of the host so far.</param>
    /// <param name="clock">Source of time.</param>
    internal static HostSpeed Measure(HostSpeed speed, TimeProvider clock)
    {
        SchedulerWorkload workload = new();
        _ = workload.Run(WarmUpOperations);
        BatchTimes times = BatchTimes.Measure(Batches, clock, () => workload.Run(BatchOperations));
        return speed with
        {
            SingleThreadOperationsPerSecond = BatchOperations / times.MedianSeconds,
            SingleThreadSpreadRatio = times.SpreadRatio,
        };
    }
}
