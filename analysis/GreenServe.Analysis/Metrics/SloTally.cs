using GreenServe.Analysis.Statistics;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>Tests the requests of a run, or of one request class, against an SLO, one after the other.</summary>
/// <remarks>
/// <para>
/// A run is feasible if every limit holds at its percentile, where a failed request counts as an infinite latency. A limit on TBT is
/// tested on all token gaps, pooled. A limit that is a multiple of the isolated latency is tested on each request's ratio to the isolated
/// latency of its class, so that one percentile covers all classes.
/// </para>
/// <para>
/// A request is within the SLO, and counts for attainment and goodput, if it keeps the limit of the highest percentile of every metric. Its
/// TBT is the 99th percentile of its own token gaps, or its TPOT where gaps were not kept. Attainment is the share of the sample that the
/// limits are tested on. Goodput counts the same requests as the throughput, each by its share in the window
/// (<see cref="WindowRequests"/>), so that it is never above the throughput.
/// </para>
/// </remarks>
/// <param name="slo">The SLO.</param>
internal sealed class SloTally(SloLimits slo)
{
    private readonly LimitTally[] limits = [.. slo.Profile.Limits.Select(limit => new LimitTally(limit))];
    private int within;
    private int missed;
    private int undecided;
    private double withinServed;
    private double lateServed;
    private double cutServed;

    /// <summary>Adds a request of the sample.</summary>
    /// <param name="request">The request.</param>
    /// <param name="applied">The limits of its class.</param>
    /// <param name="isWithin">Whether it is within the SLO, as <see cref="SloClassLimits.IsWithin"/> tells.</param>
    internal void AddToSample(RequestRecord request, SloClassLimits applied, bool? isWithin)
    {
        within += isWithin == true ? 1 : 0;
        missed += isWithin == false ? 1 : 0;
        undecided += isWithin is null ? 1 : 0;
        for (int index = 0; index < limits.Length; index++)
        {
            if (applied.Applied[index] is { } limit)
            {
                limits[index].Add(request, limit.Seconds);
            }
        }
    }

    /// <summary>Adds a request of the run by its share in the window. What was cancelled comes last, when its share is known.</summary>
    internal void AddToWindow(RequestRecord request, bool? isWithin, double share)
    {
        withinServed += isWithin == true ? share : 0;
        lateServed += isWithin == false && request.Status == RequestStatus.Completed ? share : 0;
    }

    /// <summary>Adds a request that the client cancelled before it was decided, by its share in the window.</summary>
    internal void AddCut(double share) => cutServed += share;

    /// <summary>Tests the limits of a latency on its values.</summary>
    /// <param name="values">The values of the sample, in order within each class.</param>
    /// <param name="classes">The places of the classes among the values, with their limits.</param>
    internal void Test(LatencyValues values, IReadOnlyList<(int Place, SloClassLimits Limits)> classes)
    {
        for (int index = 0; index < limits.Length; index++)
        {
            if (limits[index].Limit.Metric == values.Latency.Limited)
            {
                limits[index].Test(values, [.. classes.Where(one => one.Limits.Applied[index]?.Seconds is not null)
                    .Select(one => (one.Place, one.Limits.Applied[index]!.Seconds!.Value))]);
            }
        }
    }

    /// <summary>The outcome, when every request has been added and every limit on latencies has been tested.</summary>
    /// <param name="gaps">Token gaps by request class; empty if they were not kept.</param>
    /// <param name="served">The requests of the steady window; <c>null</c> without a window.</param>
    internal SloOutcome Outcome(IReadOnlyDictionary<string, LatencyHistogram> gaps, WindowRequests? served) => new()
    {
        Profile = slo.Profile.Name,
        Limits = [.. limits.Select(one => one.Limit.Metric == SloMetric.Tbt ? OfGaps(one, gaps) : one.Result())],
        DecidedRequests = within + missed,
        WithinRequests = within,
        UndecidedRequests = undecided,
        Goodput = served is null
            ? Reading.Missing("there is no steady window")
            : Reading.Of(GoodRequests() / served.Window.LengthSeconds),
        Window = served?.Window,
    };

    /// <summary>
    /// Requests served in the window within the SLO, each by its share in it. What the client cut off before it was decided is taken to be
    /// like what completed.
    /// </summary>
    private double GoodRequests() =>
        withinServed > 0 ? withinServed + (cutServed * withinServed / (withinServed + lateServed)) : 0;

    private SloLimitResult OfGaps(LimitTally tally, IReadOnlyDictionary<string, LatencyHistogram> gaps)
    {
        SloLimit limit = tally.Limit;
        if (tally.HasGaps && gaps.Count == 0)
        {
            return new SloLimitResult(limit, 0, null, "token gaps were not kept");
        }

        List<(double Ratio, long Count)> ratios = [];
        foreach ((string requestClass, LatencyHistogram histogram) in gaps.Where(pair => limit.AppliesTo(pair.Key)))
        {
            if (slo.Seconds(limit, requestClass) is not { } limitSeconds)
            {
                return new SloLimitResult(limit, 0, null, $"no isolated latency for class {requestClass}");
            }

            ratios.AddRange(histogram.Bins.Select(bin => (histogram.MeanSeconds(bin.Key) / limitSeconds, bin.Value)));
        }

        ratios.Sort();
        return new SloLimitResult(limit, ratios.Sum(pair => pair.Count), NearestRank.Of(ratios, limit.Percentile), null);
    }

    /// <summary>What the requests of the sample tell about one limit.</summary>
    private sealed class LimitTally(SloLimit limit)
    {
        private long failed;
        private long tested;
        private bool hasUnknown;
        private string? classWithoutLimit;
        private double? ratio;

        internal SloLimit Limit => limit;

        /// <summary>Whether a completed request has more than one token.</summary>
        internal bool HasGaps { get; private set; }

        internal void Add(RequestRecord request, double? limitSeconds)
        {
            bool isCompleted = request.Status == RequestStatus.Completed;
            HasGaps |= isCompleted && request.OutputTokensCounted > 1;
            if (limitSeconds is not { } seconds)
            {
                classWithoutLimit ??= request.Class;
            }
            else if (isCompleted)
            {
                hasUnknown |= SloClassLimits.IsUnknown(request, limit.Metric);
            }
            else if (SloClassLimits.Misses(request, limit.Metric, seconds))
            {
                failed++;
            }
        }

        internal void Test(LatencyValues values, IReadOnlyList<(int Place, double LimitSeconds)> classes)
        {
            tested = failed + classes.Sum(one => (long)values.Of(one.Place).Length);
            ratio = tested == 0 ? null : values.RatioAt(NearestRank.Rank(limit.Percentile, tested), classes);
        }

        internal SloLimitResult Result() => classWithoutLimit is not null
            ? new SloLimitResult(limit, 0, null, $"no isolated latency for class {classWithoutLimit}")
            : new SloLimitResult(limit, tested, ratio, tested == 0 && hasUnknown ? "the first tokens' times are not known" : null);
    }
}
