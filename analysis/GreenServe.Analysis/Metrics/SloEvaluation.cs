using GreenServe.Analysis.Statistics;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>Tests requests against an SLO.</summary>
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
internal sealed class SloEvaluation
{
    private readonly SloProfile slo;
    private readonly IReadOnlyList<IsolatedLatency> isolated;

    private SloEvaluation(SloProfile slo, IReadOnlyList<IsolatedLatency> isolated)
    {
        this.slo = slo;
        this.isolated = isolated;
    }

    /// <summary>Tests requests and the token gaps that belong to them.</summary>
    /// <param name="manifest">The run, which names the SLO and the isolated latencies.</param>
    /// <param name="subject">The requests and their token gaps.</param>
    /// <param name="served">The requests of the steady window, which goodput counts; <c>null</c> without a window.</param>
    /// <returns><c>null</c> where the run has no SLO.</returns>
    internal static SloOutcome? Of(RunManifest manifest, SloSubject subject, WindowRequests? served) =>
        manifest.Slo is { } slo ? new SloEvaluation(slo, manifest.Isolated).Evaluate(subject, served) : null;

    private SloOutcome Evaluate(SloSubject subject, WindowRequests? served)
    {
        bool?[] sample = [.. subject.Sample.Select(IsWithin)];
        return new SloOutcome
        {
            Profile = slo.Name,
            Limits = [.. slo.Limits.Select(limit => limit.Metric == SloMetric.Tbt
                ? GapResult(limit, subject.Sample, subject.Gaps)
                : RequestResult(limit, subject.Sample))],
            DecidedRequests = sample.Count(one => one is not null),
            WithinRequests = sample.Count(one => one == true),
            UndecidedRequests = sample.Count(one => one is null),
            Goodput = served is null
                ? Reading.Missing("there is no steady window")
                : Reading.Of(GoodRequests(subject, served) / served.Window.LengthSeconds),
            Window = served?.Window,
        };
    }

    /// <summary>Requests served in the window within the SLO, each by its share in it.</summary>
    private double GoodRequests(SloSubject subject, WindowRequests served)
    {
        (double within, double late, double cut) = (0, 0, 0);
        foreach ((RequestRecord request, double share) in subject.SharesIn(served))
        {
            bool? isWithin = IsWithin(request);
            within += isWithin == true ? share : 0;
            late += isWithin == false && request.Status == RequestStatus.Completed ? share : 0;
            cut += isWithin is null && request.Status == RequestStatus.Cancelled ? share : 0;
        }

        // What the client cut off before it was decided is taken to be like what completed.
        return within > 0 ? within + (cut * within / (within + late)) : 0;
    }

    private SloLimitResult RequestResult(SloLimit limit, IReadOnlyList<RequestRecord> requests)
    {
        List<double> ratios = [];
        foreach (RequestRecord request in requests.Where(request => limit.AppliesTo(request.Class)))
        {
            if (LimitSeconds(limit, request.Class) is not { } limitSeconds)
            {
                return new SloLimitResult(limit, 0, null, $"no isolated latency for class {request.Class}");
            }

            if (request.Status == RequestStatus.Completed)
            {
                if (RequestLatency.Seconds(request, limit.Metric) is { } latency)
                {
                    ratios.Add(latency / limitSeconds);
                }
            }
            else if (Misses(request, limit.Metric, limitSeconds))
            {
                ratios.Add(double.PositiveInfinity);
            }
        }

        ratios.Sort();
        double? ratio = NearestRank.Of([.. ratios], limit.Percentile);
        bool isUnknown = ratios.Count == 0 && requests.Any(request =>
            limit.AppliesTo(request.Class) && request.Status == RequestStatus.Completed && IsUnknown(request, limit.Metric));
        return new SloLimitResult(limit, ratios.Count, ratio, isUnknown ? "the first tokens' times are not known" : null);
    }

    private SloLimitResult GapResult(
        SloLimit limit, IReadOnlyList<RequestRecord> requests, IReadOnlyDictionary<string, LatencyHistogram> gaps)
    {
        bool anyGap = requests.Any(request =>
            limit.AppliesTo(request.Class) && request is { Status: RequestStatus.Completed, OutputTokensCounted: > 1 });
        if (anyGap && gaps.Count == 0)
        {
            return new SloLimitResult(limit, 0, null, "token gaps were not kept");
        }

        List<(double Ratio, long Count)> ratios = [];
        foreach ((string requestClass, LatencyHistogram histogram) in gaps.Where(pair => limit.AppliesTo(pair.Key)))
        {
            if (LimitSeconds(limit, requestClass) is not { } limitSeconds)
            {
                return new SloLimitResult(limit, 0, null, $"no isolated latency for class {requestClass}");
            }

            ratios.AddRange(histogram.Bins.Select(bin => (histogram.MeanSeconds(bin.Key) / limitSeconds, bin.Value)));
        }

        ratios.Sort();
        return new SloLimitResult(limit, ratios.Sum(pair => pair.Count), NearestRank.Of(ratios, limit.Percentile), null);
    }

    /// <summary>
    /// Whether a request is within the SLO; <c>null</c> when the run ended before that was certain, or when a latency that counts is not
    /// known.
    /// </summary>
    private bool? IsWithin(RequestRecord request)
    {
        SloLimit[] counted = [.. slo.Limits.Where(limit => limit.AppliesTo(request.Class))
            .GroupBy(limit => limit.Metric).Select(group => group.MaxBy(limit => limit.Percentile)!)];
        (SloMetric Metric, double? Seconds)[] limits = [.. counted.Select(limit => (limit.Metric, LimitSeconds(limit, request.Class)))];
        if (limits.Any(limit => limit.Seconds is null))
        {
            return null;
        }

        return request.Status switch
        {
            RequestStatus.Completed => limits.Any(limit => RequestLatency.Seconds(request, limit.Metric) > limit.Seconds) ? false
                : limits.Any(limit => IsUnknown(request, limit.Metric)) ? null
                : true,
            RequestStatus.Cancelled => limits.Any(limit => Misses(request, limit.Metric, limit.Seconds!.Value)) ? false : null,
            _ => false,
        };
    }

    /// <summary>Whether a completed request must have had a latency that its record does not tell.</summary>
    private static bool IsUnknown(RequestRecord request, SloMetric metric) =>
        RequestLatency.Seconds(request, metric) is null
        && (metric is SloMetric.Ttft or SloMetric.E2e || request.OutputTokensCounted is not <= 1);

    /// <summary>Whether a request that did not complete missed a limit for certain: it failed, or waited longer before its end.</summary>
    private static bool Misses(RequestRecord request, SloMetric metric, double limitSeconds)
    {
        if (request.Status != RequestStatus.Cancelled)
        {
            return true;
        }

        double? sinceIssued = request.CompletedSeconds - (request.IssuedSeconds ?? request.ScheduledSeconds);
        double? waited = metric switch
        {
            SloMetric.Ttft => RequestLatency.TtftSeconds(request) ?? sinceIssued,
            SloMetric.E2e => sinceIssued,
            _ => null,
        };
        return waited > limitSeconds;
    }

    /// <summary>A limit in seconds for one class; <c>null</c> for a multiple of an isolated latency that is not known.</summary>
    private double? LimitSeconds(SloLimit limit, string requestClass)
    {
        if (limit.LimitSeconds is { } seconds)
        {
            return seconds;
        }

        return isolated.FirstOrDefault(one => one.Class == requestClass) is { } alone
            ? limit.IsolatedMultiple * limit.Metric switch
            {
                SloMetric.Ttft => alone.TtftSeconds,
                SloMetric.E2e => alone.E2eSeconds,
                _ => alone.TbtSeconds,
            }
            : null;
    }
}

/// <summary>What an SLO is tested on.</summary>
/// <param name="Sample">The requests whose latencies count, of the class if there is one.</param>
/// <param name="All">Every request of the run.</param>
/// <param name="Gaps">Token gaps by request class; empty if they were not kept.</param>
internal sealed record SloSubject(
    IReadOnlyList<RequestRecord> Sample, IReadOnlyCollection<RequestRecord> All, IReadOnlyDictionary<string, LatencyHistogram> Gaps)
{
    /// <summary>The request class that is tested; <c>null</c> for all of them.</summary>
    internal string? Class { get; init; }

    /// <summary>The requests that goodput counts, each with its share in the window.</summary>
    internal IEnumerable<(RequestRecord Request, double Share)> SharesIn(WindowRequests served) => All
        .Where(request => Class is null || request.Class == Class)
        .Select(request => (request, served.Share(RequestSpan.Of(request))));
}
