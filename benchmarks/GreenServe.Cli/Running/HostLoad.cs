using System.Globalization;
using GreenServe.Records.Verdicts;

namespace GreenServe.Cli.Running;

/// <summary>
/// Whether other programs took the processor from an engine that computes on it. Where they did, speed and energy are theirs as much as
/// the engine's, and the run says so.
/// </summary>
/// <remarks>
/// Source: /proc/stat (user, nice, system, irq, softirq, steal, in ticks of 10 ms), less the processor time of the engine and of this
/// process. Error: a few ticks for each core. Nothing is said on systems without that file.
/// </remarks>
internal sealed class HostLoad
{
    /// <summary>Largest share of the cores that others may use of what the engine's threads leave over.</summary>
    private const double ToleratedRatio = 0.1;

    private const double TicksPerSecond = 100;
    private readonly string statFile;
    private readonly int cores;
    private readonly Func<double> ownSeconds;
    private readonly double? busyAtStart;
    private readonly double ownAtStart;

    /// <summary>Begins to watch.</summary>
    /// <param name="ownSeconds">Processor time of the engine and of this process so far (s).</param>
    /// <param name="cores">Cores of this host.</param>
    /// <param name="statFile">The kernel's count.</param>
    internal HostLoad(Func<double> ownSeconds, int cores, string statFile = "/proc/stat")
    {
        this.ownSeconds = ownSeconds;
        this.cores = cores;
        this.statFile = statFile;
        busyAtStart = BusySeconds();
        ownAtStart = ownSeconds();
    }

    /// <summary>Cores that other programs used on average (may be a little below 0 by rounding); <c>null</c> where it is not known.</summary>
    /// <param name="seconds">Time since the watch began (s).</param>
    internal double? OtherCores(double seconds) =>
        (BusySeconds() - busyAtStart - (ownSeconds() - ownAtStart)) / Math.Max(seconds, 1e-9);

    /// <summary>What speaks against the run; <c>null</c> if nothing does or nothing is known.</summary>
    /// <param name="otherCores">Cores that other programs used.</param>
    /// <param name="engineThreads">Threads that compute.</param>
    internal VerdictReason? ReasonAgainst(double? otherCores, int engineThreads)
    {
        double free = Math.Max(0, cores - engineThreads) + (ToleratedRatio * cores);
        return otherCores > free
            ? new VerdictReason(VerdictCode.HostBusy, string.Create(
                CultureInfo.InvariantCulture,
                $"other programs used {otherCores:0.00} of this host's {cores} cores while the engine computed on {engineThreads}, limit {free:0.00}"))
            : null;
    }

    private double? BusySeconds()
    {
        if (!File.Exists(statFile))
        {
            return null;
        }

        // cpu user nice system idle iowait irq softirq steal: guest time is in user already.
        string line = File.ReadLines(statFile).First();
        double[] ticks = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return ticks.Length < 8 ? null : (ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}
