namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Sums up the power of a row or of a whole cluster, second by second.</summary>
/// <param name="name">Name of the row or cluster.</param>
/// <param name="statesHost">Whether the power of any of its hosts is stated.</param>
internal sealed class PowerAccount(string name, bool statesHost)
{
    private readonly List<float> means = [];
    private double overSeconds;
    private double overJoules;
    private double longestSeconds;
    private double stretchSeconds;
    private int times;
    private bool hasBudget;
    private double? peakBudgetRatio;
    private double opaqueJoules;
    private bool hasOpaque;

    /// <summary>Energy of the accelerators so far, in joules.</summary>
    internal double GpuJoules { get; private set; }

    /// <summary>Energy of the hosts so far, in joules; 0 where none is stated.</summary>
    internal double HostJoules { get; private set; }

    /// <summary>Energy of everything that counts against the budget so far, in joules.</summary>
    internal double Joules => GpuJoules + HostJoules + opaqueJoules;

    /// <summary>Whether the power of any of its hosts is stated.</summary>
    internal bool StatesHost => statesHost;

    /// <summary>Enters a second, or the part of a second with which a run ends.</summary>
    /// <param name="seconds">Its length, in seconds, in (0, 1].</param>
    /// <param name="gpuJoules">Energy of the accelerators, in joules.</param>
    /// <param name="hostJoules">Energy of the hosts, in joules.</param>
    /// <param name="budgetWatts">The budget that holds, in watts; <c>null</c> for none.</param>
    /// <param name="opaqueWatts">Power of servers of others, in watts.</param>
    internal void Add(double seconds, double gpuJoules, double hostJoules, double? budgetWatts, double opaqueWatts = 0)
    {
        opaqueJoules += opaqueWatts * seconds;
        hasOpaque |= opaqueWatts > 0;
        GpuJoules += gpuJoules;
        HostJoules += hostJoules;
        double watts = ((gpuJoules + hostJoules) / seconds) + opaqueWatts;
        if (seconds == 1)
        {
            means.Add((float)watts);
        }

        if (budgetWatts is not { } budget)
        {
            return;
        }

        hasBudget = true;
        peakBudgetRatio = seconds == 1 ? Math.Max(peakBudgetRatio ?? 0, watts / budget) : peakBudgetRatio;
        if (watts <= budget)
        {
            stretchSeconds = 0;
            return;
        }

        times += stretchSeconds == 0 ? 1 : 0;
        stretchSeconds += seconds;
        longestSeconds = Math.Max(longestSeconds, stretchSeconds);
        overSeconds += seconds;
        overJoules += (watts - budget) * seconds;
    }

    /// <summary>The sums.</summary>
    internal ScopePower Summarise()
    {
        float[] sorted = [.. means];
        Array.Sort(sorted);
        return new ScopePower(
            name,
            GpuJoules,
            statesHost ? HostJoules : null,
            hasOpaque ? opaqueJoules : null,
            sorted.Length == 0 ? null : sorted[^1],
            P99Watts(sorted),
            hasBudget ? new OverBudget(overSeconds, overJoules, times, longestSeconds) : null)
        {
            PeakBudgetRatio = peakBudgetRatio,
        };
    }

    /// <summary>The 99th percentile by linear interpolation between order statistics (Hyndman-Fan type 7).</summary>
    private static double? P99Watts(float[] sorted)
    {
        if (sorted.Length == 0)
        {
            return null;
        }

        double place = 0.99 * (sorted.Length - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((place - below) * (above - sorted[below]));
    }
}
