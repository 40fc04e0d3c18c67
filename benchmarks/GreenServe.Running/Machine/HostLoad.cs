using System.Globalization;
using GreenServe.Records.Verdicts;

namespace GreenServe.Running.Machine;

/// <summary>
/// Finds out whether other programs took the processor from an engine that computes on it. Where they did, speed and energy are theirs
/// as much as the engine's, and the run says so.
/// </summary>
/// <remarks>
/// Source: /proc/stat (user, nice, system, irq, softirq, steal, in ticks of 10 ms), less the processor time of the engine and of this
/// process. Error: a few ticks for each core. On systems without that file nothing is known.
/// </remarks>
internal sealed class HostLoad
{
    /// <summary>The share of all cores that others may use beside those that the engine leaves free.</summary>
    /// <remarks>One tenth: the client and the kernel need a little, and less than that does not move a median visibly.</remarks>
    private const double ToleratedRatio = 0.1;

    private const double TicksPerSecond = 100;
    private readonly string statFile;
    private readonly int cores;
    private readonly int engineThreads;
    private readonly Func<double> ownSeconds;
    private readonly double? busyAtStart;
    private readonly double ownAtStart;

    /// <summary>Begins to watch.</summary>
    /// <param name="ownSeconds">Reads the processor time of the engine and of this process so far (s).</param>
    /// <param name="cores">Cores of this host.</param>
    /// <param name="engineThreads">Threads that the engine computes on.</param>
    /// <param name="statFile">The kernel's count of processor time.</param>
    internal HostLoad(Func<double> ownSeconds, int cores, int engineThreads, string statFile = "/proc/stat")
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
    internal HostUse? UseOver(double seconds) => BusySeconds() - busyAtStart is { } busy
        ? new HostUse((busy - (ownSeconds() - ownAtStart)) / seconds, LimitCores, cores, engineThreads)
        : null;

    private double LimitCores => Math.Max(0, cores - engineThreads) + (ToleratedRatio * cores);

    private double? BusySeconds()
    {
        if (!File.Exists(statFile))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal: guest time is in user already.
        string line = File.ReadLines(statFile).First();
        double[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return ticks.Length < 8 ? null : (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}

/// <summary>What other programs used of the host's processor while an engine computed on it.</summary>
/// <param name="OtherCores">Cores that other programs used on average; may be a little below 0 by rounding.</param>
/// <param name="LimitCores">The number of cores up to which the run is still the engine's own.</param>
/// <param name="Cores">Cores of the host.</param>
/// <param name="EngineThreads">Threads that the engine computes on.</param>
internal sealed record HostUse(double OtherCores, double LimitCores, int Cores, int EngineThreads)
{
    /// <summary>What speaks against the run; empty if nothing does.</summary>
    internal IEnumerable<VerdictReason> Reasons => OtherCores <= LimitCores
        ? []
        : [
            new VerdictReason(VerdictCode.HostBusy, string.Create(
                CultureInfo.InvariantCulture,
                $"other programs used {OtherCores:0.00} of this host's {Cores} cores "
                + $"while the engine computed on {EngineThreads}, limit {LimitCores:0.00}")),
        ];
}
