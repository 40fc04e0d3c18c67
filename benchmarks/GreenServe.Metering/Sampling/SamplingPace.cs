namespace GreenServe.Metering.Sampling;

/// <summary>Decides when a source is read next. Pure: it is told what happened and holds no clock.</summary>
/// <remarks>
/// A cheap meter is read twice per refresh. A counter whose calls are expensive is hunted instead: shortly before a refresh is due
/// it is read again and again until it changes, which times that refresh to one call, and then left alone until the budget of
/// processor time has recovered. Energy between two hunts is exact to that timing, however far apart they lie. Before and after an
/// edge that is known in advance a refresh is hunted whatever the budget says; it is paid for later. While the refresh period is still
/// unknown, and around an edge of a meter that cannot be hunted, reads follow each other as fast as they may.
/// </remarks>
internal sealed class SamplingPace
{
    /// <summary>Reads never follow each other faster than this (s).</summary>
    internal const double ShortestIntervalSeconds = 0.002;

    /// <summary>Without a refresh period this long (s) after the start, the meter is taken to have none that can be seen.</summary>
    internal const double LearningSeconds = 2;

    private const double FastestRegularSeconds = 0.05;
    private const double DefaultIntervalSeconds = 0.1;
    private const double LongestRestSeconds = 2;

    private readonly SamplingNeed need;
    private readonly double budgetRatio;
    private readonly bool canHunt;
    private readonly double? knownRefreshSeconds;
    private readonly bool hasLooked;
    private readonly RefreshObserver observer = new();
    private readonly List<double> edges = [];
    private double? startSeconds;
    private double callSeconds;
    private double costSincePause;
    private double? sharpRefreshSeconds;
    private double guardSeconds;
    private double? huntStartSeconds;
    private double? lastReadSeconds;

    /// <summary>Begins with what earlier recordings found out.</summary>
    /// <param name="need">What the source wants.</param>
    /// <param name="budgetRatio">Share of the time that reading may take.</param>
    /// <param name="canHunt">Whether the source is a counter, so that a change may be waited for.</param>
    /// <param name="knownRefreshSeconds">Refresh period found earlier (s); <c>null</c> to find it.</param>
    /// <param name="hasLooked">Whether an earlier recording looked for it already: a meter that stood still then is not searched again.</param>
    internal SamplingPace(SamplingNeed need, double budgetRatio, bool canHunt, double? knownRefreshSeconds = null, bool hasLooked = false)
    {
        this.knownRefreshSeconds = knownRefreshSeconds;
        this.hasLooked = hasLooked;
        this.need = need;
        this.budgetRatio = budgetRatio;
        this.canHunt = canHunt;
    }

    /// <summary>Refresh period as observed now or earlier (s); <c>null</c> while not known.</summary>
    internal double? RefreshSeconds => observer.PeriodSeconds ?? knownRefreshSeconds;

    /// <summary>Asks for dense reads around a moment, because a window will begin or end there.</summary>
    internal void Watch(double atSeconds)
    {
        edges.Add(atSeconds);

        // A hunt that lies beyond the edge is planned anew.
        huntStartSeconds = huntStartSeconds > atSeconds ? null : huntStartSeconds;
    }

    /// <summary>Takes note of a read.</summary>
    /// <param name="atSeconds">When (middle of the call).</param>
    /// <param name="duration">What the call cost: the time it took, or the processor time if that is more (s).</param>
    /// <param name="value">What the source's first meter showed; <c>null</c> if it failed.</param>
    internal void Observe(double atSeconds, double duration, double? value)
    {
        startSeconds ??= atSeconds;
        callSeconds = callSeconds == 0 ? duration : (0.9 * callSeconds) + (0.1 * duration);
        costSincePause += duration;
        if (value is not { } seen)
        {
            huntStartSeconds = null;
            return;
        }

        // The first read of a hunt differs from the one long before it; only a change between two dense reads is a catch.
        bool changed = observer.Observe(atSeconds, seen);
        double gap = atSeconds - (lastReadSeconds ?? double.NegativeInfinity);
        lastReadSeconds = atSeconds;
        if (changed && gap <= (RefreshSeconds ?? 0) / 4)
        {
            Caught(atSeconds, gap);
        }
    }

    /// <summary>When to read next (s), given that the last read ended now.</summary>
    internal double NextSeconds(double nowSeconds)
    {
        if (need.FixedIntervalSeconds is { } interval)
        {
            return nowSeconds + Math.Max(interval, interval > 0 ? callSeconds / budgetRatio : 0);
        }

        double dense = nowSeconds + ShortestIntervalSeconds;
        if (IsLearning(nowSeconds) || (IsWatched(nowSeconds) && !IsHunting))
        {
            // Spent once; to save it up again would leave the meter unread for long.
            costSincePause = 0;
            return dense;
        }

        double next = Math.Min(Regular(nowSeconds), nowSeconds + need.LongestIntervalSeconds);
        return IsHunting ? next : Math.Min(next, NextEdge(nowSeconds));
    }

    /// <summary>Whether refreshes are expensive to see and their rhythm is known, so that single ones are waited for.</summary>
    private bool IsHunting => canHunt && sharpRefreshSeconds is not null && RefreshSeconds is { } period && !IsCheap(period);

    private double Regular(double nowSeconds)
    {
        if (RefreshSeconds is not { } period)
        {
            return nowSeconds + Math.Max(DefaultIntervalSeconds, callSeconds / budgetRatio);
        }

        if (IsCheap(period) || !canHunt || period < 4 * callSeconds)
        {
            return nowSeconds + Math.Max(RegularSeconds(period), callSeconds / budgetRatio);
        }

        if (huntStartSeconds is { } begins && nowSeconds - begins < 1.5 * period)
        {
            return Math.Max(begins, nowSeconds + ShortestIntervalSeconds);
        }

        // Before the first catch nobody knows when a refresh is due: steps of a fifth of the period find it with few calls.
        return sharpRefreshSeconds is null ? nowSeconds + Math.Max(ShortestIntervalSeconds, (period / 5) - callSeconds) : PlanHunt(nowSeconds, period);
    }

    private static double RegularSeconds(double period) => Math.Max(FastestRegularSeconds, period / 2);

    private bool IsCheap(double period) => callSeconds <= budgetRatio * RegularSeconds(period);

    private double PlanHunt(double nowSeconds, double period)
    {
        // A hunt that came too late is paid for over several rests, so that none grows long.
        double rest = Math.Min(costSincePause / budgetRatio, LongestRestSeconds);
        costSincePause = Math.Max(0, costSincePause - (rest * budgetRatio));
        guardSeconds = guardSeconds == 0 ? period / 8 : guardSeconds;
        double anchor = sharpRefreshSeconds ?? nowSeconds;
        double soonest = Math.Ceiling((nowSeconds + guardSeconds - anchor) / period);
        double refreshes = Math.Min(Math.Ceiling((nowSeconds + rest + guardSeconds - anchor) / period), NextToEdge(anchor, period, soonest));
        double start = anchor + (refreshes * period) - guardSeconds;
        huntStartSeconds = start;
        return start;
    }

    /// <summary>Number of the next refresh, from the anchor on, that is the last before an edge or the first after it.</summary>
    private double NextToEdge(double anchor, double period, double soonest)
    {
        edges.RemoveAll(edge => Math.Floor((edge - anchor) / period) + 1 < soonest);
        return edges.Count == 0 ? double.PositiveInfinity : edges.Min(edge => Math.Max(soonest, Math.Floor((edge - anchor) / period)));
    }

    /// <summary>A refresh was timed. If that ends a hunt, the next one begins earlier if this one nearly came too late, later if it waited in vain.</summary>
    private void Caught(double atSeconds, double gap)
    {
        sharpRefreshSeconds = atSeconds - (gap / 2);
        if (huntStartSeconds is not { } began || RefreshSeconds is not { } period)
        {
            guardSeconds = Math.Max(guardSeconds, gap);
            return;
        }

        double waited = atSeconds - began;
        bool cameTooLate = waited > period / 2;
        guardSeconds = cameTooLate
            ? Math.Min(2 * guardSeconds, period / 2)
            : Math.Max(2 * callSeconds, (0.8 * guardSeconds) + (0.2 * (guardSeconds - waited + (4 * callSeconds))));
        huntStartSeconds = null;
    }

    private bool IsLearning(double nowSeconds) =>
        !hasLooked && RefreshSeconds is null && nowSeconds - (startSeconds ?? nowSeconds) < LearningSeconds;

    private double EdgeReach => RefreshSeconds ?? DefaultIntervalSeconds;

    private bool IsWatched(double nowSeconds)
    {
        edges.RemoveAll(edge => nowSeconds > edge + (1.5 * EdgeReach));
        return edges.Exists(edge => nowSeconds >= edge - (1.5 * EdgeReach));
    }

    private double NextEdge(double nowSeconds) =>
        edges.Count == 0 ? double.PositiveInfinity : Math.Max(nowSeconds, edges.Min() - (1.5 * EdgeReach));
}
