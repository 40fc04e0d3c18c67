namespace GreenServe.Metering.Sampling;

/// <summary>Decides when a source is read next. It is told what happened and holds no clock.</summary>
/// <remarks>
/// <para>A cheap meter is read twice per refresh.</para>
/// <para>
/// A counter whose calls are expensive is hunted instead. Shortly before a refresh is due it is read again and again until its value
/// changes, which times that refresh to one call. Then it is left alone until the budget of processor time has recovered. Energy
/// between two hunts is exact to that timing, however far apart they lie.
/// </para>
/// <para>
/// Before and after an edge that is known in advance a refresh is hunted whatever the budget says, and is paid for later. Two kinds of
/// meters are read as fast as they may instead: a meter whose refresh period is still unknown, and, around an edge, a meter that
/// cannot be hunted.
/// </para>
/// </remarks>
internal sealed class SamplingPace
{
    /// <summary>Reads never follow each other faster than this (s): faster reads show nothing more and hold the driver's lock.</summary>
    internal const double ShortestIntervalSeconds = 0.002;

    /// <summary>
    /// Time (s) from the start in which a refresh period must show itself. After it the meter is taken to have none that can be
    /// seen.
    /// </summary>
    internal const double LearningSeconds = 2;

    /// <summary>A meter that refreshes faster than twice this (s) is not followed: no window needs finer readings.</summary>
    private const double FastestRegularSeconds = 0.05;

    /// <summary>The interval (s) for a meter whose refresh period is not known: the refresh of the counters that are known.</summary>
    private const double DefaultIntervalSeconds = 0.1;

    /// <summary>An expensive hunt is paid for in rests of at most this (s), so that no stretch of the course stays long unread.</summary>
    private const double LongestRestSeconds = 2;

    /// <summary>The calls that a hunt takes as a rule. What it takes beyond them is paid for over several rests.</summary>
    private const double UsualHuntCalls = 4;

    /// <summary>The weight of the newest call in the mean cost of a call: one slow call in ten changes the pace by little.</summary>
    private const double NewestCallWeight = 0.1;

    /// <summary>A change was caught if the two reads around it lie within this share of a period. Otherwise it may be older.</summary>
    private const double CatchRatio = 0.25;

    /// <summary>A hunt needs room for this many calls in a period: with fewer, <see cref="CatchRatio"/> cannot be met.</summary>
    private const double FewestCallsPerPeriod = 4;

    /// <summary>A hunt that has waited this many periods is planned anew: the meter stands still.</summary>
    private const double LongestHuntPeriods = 1.5;

    /// <summary>
    /// Reads are dense from this many refreshes before an edge to as many after it. One whole refresh then lies on each side of the
    /// edge, wherever the edge falls and however much the refreshes jitter.
    /// </summary>
    private const double EdgeReachPeriods = 1.5;

    /// <summary>Before the first catch, reads are this many to a period: they find a refresh to a fifth of it with few calls.</summary>
    private const double SearchReadsPerPeriod = 5;

    /// <summary>The first hunt begins this share of a period early: more than a search leaves open on average, a tenth.</summary>
    private const double FirstGuardRatio = 0.125;

    /// <summary>A hunt never begins earlier than this share of a period: earlier is nearer to the refresh before.</summary>
    private const double LargestGuardRatio = 0.5;

    /// <summary>A hunt that waits longer than this share of a period began just after its refresh and waited for the next one.</summary>
    private const double LateWaitRatio = 0.5;

    /// <summary>A hunt that came too late begins this many times as early the next time.</summary>
    private const double LateGuardFactor = 2;

    /// <summary>The weight of the newest hunt in how early the next one begins. Refreshes jitter, so one hunt weighs a fifth.</summary>
    private const double NewestGuardWeight = 0.2;

    /// <summary>The calls that a hunt should take before its refresh comes, so that jitter does not make it late.</summary>
    private const double GuardCalls = 4;

    /// <summary>A hunt begins at least this many calls early, or the first call may already see the change.</summary>
    private const double FewestGuardCalls = 2;

    private readonly SamplingNeed need;
    private readonly double budgetRatio;
    private readonly bool canHunt;
    private readonly RefreshSearch? lastSearch;
    private readonly RefreshObserver observer = new();
    private readonly List<double> edges = [];
    private double? startSeconds;
    private double? meanCallSeconds;
    private double costSincePause;
    private double? sharpRefreshSeconds;
    private double? guardSeconds;
    private double? huntStartSeconds;
    private double? lastReadSeconds;

    /// <summary>Creates the pace of a source. It uses what an earlier recording found.</summary>
    /// <param name="need">How often the source wants to be read.</param>
    /// <param name="budgetRatio">The share of the time that reading may take.</param>
    /// <param name="canHunt">Whether the source is a counter, so that a change may be waited for.</param>
    /// <param name="lastSearch">
    /// What an earlier recording found of the refresh period; <c>null</c> if none has looked for it. A meter that stood still then is
    /// not searched again.
    /// </param>
    internal SamplingPace(SamplingNeed need, double budgetRatio, bool canHunt, RefreshSearch? lastSearch = null)
    {
        this.need = need;
        this.budgetRatio = budgetRatio;
        this.canHunt = canHunt;
        this.lastSearch = lastSearch;
    }

    /// <summary>The refresh period as seen now or by an earlier recording (s); <c>null</c> while it is not known.</summary>
    internal double? RefreshSeconds => observer.PeriodSeconds ?? lastSearch?.PeriodSeconds;

    /// <summary>The mean cost of a call (s), the newest ones weighing most.</summary>
    private double CallSeconds => meanCallSeconds ?? 0;

    /// <summary>Asks for dense reads around a moment, because a window will begin or end there.</summary>
    /// <param name="atSeconds">The moment (s).</param>
    internal void Watch(double atSeconds)
    {
        edges.Add(atSeconds);

        // A hunt that lies beyond the edge is planned anew.
        huntStartSeconds = huntStartSeconds > atSeconds ? null : huntStartSeconds;
    }

    /// <summary>Takes note of a read.</summary>
    /// <param name="atSeconds">The middle of the call (s).</param>
    /// <param name="durationSeconds">What the call cost: the time it took, or the processor time if that is more (s).</param>
    /// <param name="value">What the first meter of the source showed; <c>null</c> if it failed.</param>
    internal void Observe(double atSeconds, double durationSeconds, double? value)
    {
        startSeconds ??= atSeconds;
        meanCallSeconds = meanCallSeconds is { } mean
            ? ((1 - NewestCallWeight) * mean) + (NewestCallWeight * durationSeconds)
            : durationSeconds;
        costSincePause += durationSeconds;
        if (value is not { } seen)
        {
            huntStartSeconds = null;
            return;
        }

        // The first read of a hunt differs from the one long before it; only a change between two dense reads is a catch.
        bool changed = observer.Observe(atSeconds, seen);
        double? gap = atSeconds - lastReadSeconds;
        lastReadSeconds = atSeconds;
        if (changed && gap is { } caughtWithin && caughtWithin <= CatchRatio * RefreshSeconds)
        {
            Caught(atSeconds, caughtWithin);
        }
    }

    /// <summary>The time of the next read (s).</summary>
    /// <param name="nowSeconds">The time now, at which the last read ended (s).</param>
    internal double NextSeconds(double nowSeconds)
    {
        if (need.FixedIntervalSeconds is { } interval)
        {
            return nowSeconds + Math.Max(interval, interval > 0 ? CallSeconds / budgetRatio : 0);
        }

        if (IsLearning(nowSeconds) || (IsWatched(nowSeconds) && !IsHunting))
        {
            // This cost is not saved up again: the meter would then be left unread for long.
            costSincePause = 0;
            return nowSeconds + ShortestIntervalSeconds;
        }

        double next = Regular(nowSeconds);
        next = need.LongestIntervalSeconds is { } longest ? Math.Min(next, nowSeconds + longest) : next;
        return !IsHunting && NextEdge(nowSeconds) is { } edge ? Math.Min(next, edge) : next;
    }

    /// <summary>Whether refreshes are expensive to see and their rhythm is known, so that single ones are waited for.</summary>
    private bool IsHunting => canHunt && sharpRefreshSeconds is not null && RefreshSeconds is { } period && !IsCheap(period);

    private double Regular(double nowSeconds)
    {
        if (RefreshSeconds is not { } period)
        {
            return nowSeconds + Math.Max(DefaultIntervalSeconds, CallSeconds / budgetRatio);
        }

        if (IsCheap(period) || !canHunt || period < FewestCallsPerPeriod * CallSeconds)
        {
            return nowSeconds + Math.Max(RegularSeconds(period), CallSeconds / budgetRatio);
        }

        if (huntStartSeconds is { } begins && nowSeconds - begins < LongestHuntPeriods * period)
        {
            return Math.Max(begins, nowSeconds + ShortestIntervalSeconds);
        }

        return sharpRefreshSeconds is { } anchor
            ? PlanHunt(nowSeconds, anchor, period)
            : nowSeconds + Math.Max(ShortestIntervalSeconds, (period / SearchReadsPerPeriod) - CallSeconds);
    }

    private static double RegularSeconds(double period) => Math.Max(FastestRegularSeconds, period / 2);

    private bool IsCheap(double period) => CallSeconds <= budgetRatio * RegularSeconds(period);

    /// <summary>Plans the next hunt: as soon as the last one is paid for, but in time for an edge.</summary>
    /// <param name="nowSeconds">The time now (s).</param>
    /// <param name="anchor">The time of a refresh that was caught (s).</param>
    /// <param name="period">The refresh period (s).</param>
    /// <returns>The time at which the hunt begins (s).</returns>
    private double PlanHunt(double nowSeconds, double anchor, double period)
    {
        // A hunt that came too late is paid for over several rests, so that none grows long. A usual one is paid for at once, however
        // small the share of the budget: eight GPUs share one.
        double longest = Math.Max(LongestRestSeconds, UsualHuntCalls * CallSeconds / budgetRatio);
        double rest = Math.Min(costSincePause / budgetRatio, longest);
        costSincePause = Math.Max(0, costSincePause - (rest * budgetRatio));
        double guard = guardSeconds ?? (FirstGuardRatio * period);
        guardSeconds = guard;
        double soonest = Math.Ceiling((nowSeconds + guard - anchor) / period);
        double refreshes = Math.Ceiling((nowSeconds + rest + guard - anchor) / period);
        refreshes = NextToEdge(anchor, period, soonest) is { } nearEdge ? Math.Min(refreshes, nearEdge) : refreshes;
        double start = anchor + (refreshes * period) - guard;
        huntStartSeconds = start;
        return start;
    }

    /// <summary>
    /// The number of the next refresh, counted from the anchor, that is the last before an edge or the first after it; <c>null</c>
    /// if no edge is to come.
    /// </summary>
    private double? NextToEdge(double anchor, double period, double soonest)
    {
        edges.RemoveAll(edge => Math.Floor((edge - anchor) / period) + 1 < soonest);
        return edges.Count == 0 ? null : edges.Min(edge => Math.Max(soonest, Math.Floor((edge - anchor) / period)));
    }

    /// <summary>
    /// Takes note of a refresh that was timed. If it ends a hunt, it also decides how early the next hunt begins: earlier if this one
    /// came too late, and later if this one waited long.
    /// </summary>
    private void Caught(double atSeconds, double gap)
    {
        sharpRefreshSeconds = atSeconds - (gap / 2);
        if (huntStartSeconds is not { } began || RefreshSeconds is not { } period || guardSeconds is not { } guard)
        {
            guardSeconds = Math.Max(guardSeconds ?? 0, gap);
            return;
        }

        double waited = atSeconds - began;
        if (waited > LateWaitRatio * period)
        {
            guardSeconds = Math.Min(LateGuardFactor * guard, LargestGuardRatio * period);
        }
        else
        {
            double enough = guard - waited + (GuardCalls * CallSeconds);
            double moved = ((1 - NewestGuardWeight) * guard) + (NewestGuardWeight * enough);
            guardSeconds = Math.Max(FewestGuardCalls * CallSeconds, moved);
        }

        huntStartSeconds = null;
    }

    private bool IsLearning(double nowSeconds) =>
        lastSearch is null && RefreshSeconds is null && nowSeconds - (startSeconds ?? nowSeconds) < LearningSeconds;

    private double EdgeReachSeconds => EdgeReachPeriods * (RefreshSeconds ?? DefaultIntervalSeconds);

    private bool IsWatched(double nowSeconds)
    {
        edges.RemoveAll(edge => nowSeconds > edge + EdgeReachSeconds);
        return edges.Exists(edge => nowSeconds >= edge - EdgeReachSeconds);
    }

    /// <summary>The time from which reads are dense for the next edge (s); <c>null</c> if no edge is to come.</summary>
    private double? NextEdge(double nowSeconds) =>
        edges.Count == 0 ? null : Math.Max(nowSeconds, edges.Min() - EdgeReachSeconds);
}
