using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>The limits of an SLO in seconds, found once for each request class.</summary>
internal sealed class SloLimits
{
    private readonly IReadOnlyList<IsolatedLatency> isolated;
    private readonly Dictionary<string, SloClassLimits> byClass = [];

    private SloLimits(SloProfile profile, IReadOnlyList<IsolatedLatency> isolated)
    {
        Profile = profile;
        this.isolated = isolated;
    }

    /// <summary>The SLO.</summary>
    internal SloProfile Profile { get; }

    /// <summary>The limits of a run; <c>null</c> where the run has no SLO.</summary>
    internal static SloLimits? Of(RunManifest manifest) => manifest.Slo is { } slo ? new SloLimits(slo, manifest.Isolated) : null;

    /// <summary>The limits of one class.</summary>
    internal SloClassLimits Of(string requestClass)
    {
        if (!byClass.TryGetValue(requestClass, out SloClassLimits? limits))
        {
            byClass[requestClass] = limits = new SloClassLimits([.. Profile.Limits.Select(limit =>
                limit.AppliesTo(requestClass) ? new AppliedLimit(limit, Seconds(limit, requestClass)) : null)]);
        }

        return limits;
    }

    /// <summary>A limit in seconds for one class; <c>null</c> for a multiple of an isolated latency that is not known.</summary>
    internal double? Seconds(SloLimit limit, string requestClass) =>
        limit.AllowedSeconds(isolated.FirstOrDefault(one => one.Class == requestClass));
}

/// <summary>A limit as it applies to one request class.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Seconds">The limit in seconds; <c>null</c> for a multiple of an isolated latency that is not known.</param>
internal sealed record AppliedLimit(SloLimit Limit, double? Seconds);

/// <summary>The limits of an SLO for one request class.</summary>
internal sealed class SloClassLimits
{
    // The limit of the highest percentile of each metric: a request that keeps it is within the SLO.
    private readonly AppliedLimit[] decisive;

    internal SloClassLimits(IReadOnlyList<AppliedLimit?> applied)
    {
        Applied = applied;
        decisive = [.. applied.OfType<AppliedLimit>().GroupBy(one => one.Limit.Metric)
            .Select(group => group.MaxBy(one => one.Limit.Percentile)!)];
    }

    /// <summary>The limits in the order of the SLO; <c>null</c> at the place of one that does not apply to the class.</summary>
    internal IReadOnlyList<AppliedLimit?> Applied { get; }

    /// <summary>
    /// Whether a request is within the SLO; <c>null</c> when the run ended before that was certain, or when a latency that counts is not
    /// known.
    /// </summary>
    internal bool? IsWithin(RequestRecord request)
    {
        bool isUnknown = false;
        bool isMissed = false;
        foreach (AppliedLimit limit in decisive)
        {
            if (limit.Seconds is not { } seconds)
            {
                return null;
            }

            SloMetric metric = limit.Limit.Metric;
            bool isCompleted = request.Status == RequestStatus.Completed;
            isMissed |= isCompleted ? RequestLatency.Seconds(request, metric) > seconds : Misses(request, metric, seconds);
            isUnknown |= isCompleted && IsUnknown(request, metric);
        }

        return request.Status switch
        {
            RequestStatus.Completed => isMissed ? false : isUnknown ? null : true,
            RequestStatus.Cancelled => isMissed ? false : null,
            _ => false,
        };
    }

    /// <summary>Whether a completed request must have had a latency that its record does not tell.</summary>
    internal static bool IsUnknown(RequestRecord request, SloMetric metric) =>
        RequestLatency.Seconds(request, metric) is null
        && (metric is SloMetric.Ttft or SloMetric.E2e || request.OutputTokensCounted is not <= 1);

    /// <summary>Whether a request that did not complete missed a limit for certain: it failed, or waited longer before its end.</summary>
    internal static bool Misses(RequestRecord request, SloMetric metric, double limitSeconds)
    {
        if (request.Status != RequestStatus.Cancelled)
        {
            return true;
        }

        double? sinceIssued = request.CompletedSeconds - (request.IssuedSeconds ?? request.ScheduledSeconds);
        double? waited = metric switch
        {
            SloMetric.Ttft => RequestLatency.Ttft.Seconds(request) ?? sinceIssued,
            SloMetric.E2e => sinceIssued,
            _ => null,
        };
        return waited > limitSeconds;
    }
}
