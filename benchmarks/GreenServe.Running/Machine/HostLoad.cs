using System.Globalization;
using GreenServe.Records.Verdicts;

namespace GreenServe.Running.Machine;

/// <summary>
/// Finds out whether other programs used the processor while an engine computed on it. If they did, speed and energy are partly
/// theirs, and the run gets a verdict reason.
/// </summary>
/// <remarks>
/// Source: /proc/stat (user, nice, system, irq, softirq, steal, in ticks of 10 ms), minus the processor time of the engine and of
/// this process. Error: a few ticks for each core. On systems without that file the load is not known.
/// </remarks>
internal sealed class HostLoad
{
    /// <summary>Share of all cores that other programs may use in addition to the cores that the engine does not use.</summary>
    /// <remarks>One tenth: the client and the kernel need a little, and a smaller load does not visibly change a median.</remarks>
    private const double ToleratedRatio = 0.1;

    private const double TicksPerSecond = 100;
    private readonly string statFile;
    private readonly int cores;
    private readonly int engineThreads;
    private readonly Func<double?> ownSeconds;
    private readonly double? busyAtStart;
    private readonly double? ownAtStart;

    /// <summary>Starts watching the host.</summary>
    /// <param name="ownSeconds">
    /// Reads the processor time of the engine and of this process so far (s); <c>null</c> for an engine that has ended.
    /// </param>
    /// <param name="cores">Number of cores of this host.</param>
    /// <param name="engineThreads">Number of threads that the engine computes on.</param>
    /// <param name="statFile">File with the kernel's count of processor time.</param>
    internal HostLoad(Func<double?> ownSeconds, int cores, int engineThreads, string statFile = "/proc/stat")
    {
        this.ownSeconds = ownSeconds;
        this.cores = cores;
        this.engineThreads = engineThreads;
        this.statFile = statFile;
        busyAtStart = BusySeconds();
        ownAtStart = ownSeconds();
    }

    /// <summary>The processor time that other programs used since the watch began; <c>null</c> where it is not known.</summary>
    /// <param name="seconds">Time since the watch began (s), above 0.</param>
    internal HostUse? UseOver(double seconds) => BusySeconds() - busyAtStart - (ownSeconds() - ownAtStart) is { } others
        ? new HostUse(others / seconds, LimitCores, cores, engineThreads)
        : null;

    private double LimitCores => Math.Max(0, cores - engineThreads) + (ToleratedRatio * cores);

    private double? BusySeconds()
    {
        if (!File.Exists(statFile))
        {
            return null;
        }

        // The fields are: cpu user nice system idle iowait irq softirq steal. User time includes guest time.
        string line = File.ReadLines(statFile).First();
        double[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return ticks.Length < 8 ? null : (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}

/// <summary>What other programs used of the host's processor while an engine computed on it.</summary>
/// <param name="OtherCores">Mean number of cores that other programs used. Rounding can make it slightly negative.</param>
/// <param name="LimitCores">Largest number of cores that other programs may use.</param>
/// <param name="Cores">Number of cores of the host.</param>
/// <param name="EngineThreads">Number of threads that the engine computes on.</param>
internal sealed record HostUse(double OtherCores, double LimitCores, int Cores, int EngineThreads)
{
    /// <summary>The verdict reason that other programs used too much of the host; empty if they did not.</summary>
    internal IEnumerable<VerdictReason> Reasons => OtherCores <= LimitCores
        ? []
        : [
            new VerdictReason(VerdictCode.HostBusy, string.Create(
                CultureInfo.InvariantCulture,
                $"other programs used {OtherCores:0.00} of this host's {Cores} cores "
                + $"while the engine computed on {EngineThreads}, limit {LimitCores:0.00}")),
        ];
}
