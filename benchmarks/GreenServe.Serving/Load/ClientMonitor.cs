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

    /// <summary>Tells what was used since the start.</summary>
    internal ClientUsage Stop()
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
