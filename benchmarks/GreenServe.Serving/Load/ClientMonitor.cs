using System.Diagnostics;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Load;

/// <summary>Measures what the load generator itself uses while it runs: processor, memory, pauses and reading threads.</summary>
internal sealed class ClientMonitor
{
    /// <summary>Shortest time (s) that anything is divided by, for a load that ended at once.</summary>
    private const double MinSeconds = 1e-9;
    private readonly RunClock clock;
    private readonly IServingBackend backend;
    private readonly double startSeconds;
    private readonly TimeSpan startCpu;
    private readonly TimeSpan startPause;
    private readonly long startAllocated;
    private readonly double? startBusy;

    private ClientMonitor(RunClock clock, IServingBackend backend)
    {
        this.clock = clock;
        this.backend = backend;
        startSeconds = clock.Seconds;
        startCpu = Environment.CpuUsage.TotalTime;
        startPause = GC.GetTotalPauseDuration();
        startAllocated = GC.GetTotalAllocatedBytes();
        startBusy = backend.CheckReading().BusySeconds;
    }

    /// <summary>Begins to measure.</summary>
    internal static ClientMonitor Start(RunClock clock, IServingBackend backend) => new(clock, backend);

    /// <summary>Tells what was used since the start. Any thread may ask at any time.</summary>
    internal ClientUsage Usage()
    {
        double seconds = Math.Max(MinSeconds, clock.Seconds - startSeconds);
        ReadingSelfCheck reading = backend.CheckReading();
        using Process process = Process.GetCurrentProcess();
        return new ClientUsage
        {
            EndSeconds = clock.Seconds,
            CpuCores = (Environment.CpuUsage.TotalTime - startCpu).TotalSeconds / seconds,
            GcPauseRatio = (GC.GetTotalPauseDuration() - startPause).TotalSeconds / seconds,
            AllocatedBytes = GC.GetTotalAllocatedBytes() - startAllocated,
            PeakMemoryBytes = process.PeakWorkingSet64 > 0 ? process.PeakWorkingSet64 : null,
            Reading = reading,
            ReaderBusyRatio = reading.BusySeconds - startBusy is { } busy ? busy / seconds : null,
        };
    }
}

/// <summary>The resources that the load generator itself used during a run.</summary>
internal sealed record ClientUsage
{
    /// <summary>Time at which the load had ended (s on the run's clock).</summary>
    internal required double EndSeconds { get; init; }

    /// <summary>Processor time of the whole process divided by the time passed (cores).</summary>
    internal required double CpuCores { get; init; }

    /// <summary>Share of the time for which the process stood still for garbage collection, in [0, 1].</summary>
    internal required double GcPauseRatio { get; init; }

    /// <summary>Memory allocated during the load, whether or not it was freed again (bytes).</summary>
    internal required long AllocatedBytes { get; init; }

    /// <summary>Largest resident memory of the process since its start (bytes); <c>null</c> where the host does not tell.</summary>
    internal long? PeakMemoryBytes { get; init; }

    /// <summary>How well the reading side kept up.</summary>
    internal required ReadingSelfCheck Reading { get; init; }

    /// <summary>
    /// Share of the time for which the busiest reading thread did not wait, in [0, 1]; <c>null</c> where it is not known.
    /// </summary>
    internal double? ReaderBusyRatio { get; init; }
}
