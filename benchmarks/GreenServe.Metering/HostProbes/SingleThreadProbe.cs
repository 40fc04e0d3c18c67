using GreenServe.Records.Systems;

namespace GreenServe.Metering.HostProbes;

/// <summary>
/// Measures the speed of one thread of this host with <see cref="SchedulerWorkload"/>, in rounds between the other parts of the probe.
/// </summary>
/// <remarks>
/// On a virtual machine a neighbour can take a third of the speed of a core for a second. The fastest round counts, because it is the host
/// without the neighbour.
/// </remarks>
internal static class SingleThreadProbe
{
    /// <summary>
    /// Operations of one batch, 2 to 3 ms. That is less than a time slice of the system, so that most batches run undisturbed on a host
    /// that other programs use too.
    /// </summary>
    private const int BatchOperations = 20_000;

    private const int Batches = 31;

    /// <summary>Operations that fill the caches and spread the requests over their states.</summary>
    private const int WarmUpOperations = 100_000;

    /// <summary>Measures one round, and keeps its speed if it is faster than that of the rounds before.</summary>
    /// <param name="speed">What is known of the host so far.</param>
    /// <param name="clock">Source of time.</param>
    internal static HostSpeed Measure(HostSpeed speed, TimeProvider clock)
    {
        BatchTimes times = default;

        // A thread of its own may get another core than the round before.
        Thread thread = new(() =>
        {
            SchedulerWorkload workload = new();
            _ = workload.Run(WarmUpOperations);
            times = BatchTimes.Measure(Batches, clock, () => workload.Run(BatchOperations));
        });
        thread.Start();
        thread.Join();
        return WithRound(speed, times);
    }

    /// <summary>What is known of the host after a round.</summary>
    /// <param name="speed">What was known before it.</param>
    /// <param name="round">The times of the batches of the round.</param>
    internal static HostSpeed WithRound(HostSpeed speed, BatchTimes round)
    {
        double operationsPerSecond = BatchOperations / round.MedianSeconds;
        return operationsPerSecond <= speed.SingleThreadOperationsPerSecond ? speed : speed with
        {
            SingleThreadOperationsPerSecond = operationsPerSecond,
            SingleThreadSpreadRatio = round.SpreadRatio,
        };
    }
}
