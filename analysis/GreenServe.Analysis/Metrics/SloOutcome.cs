using GreenServe.Records.Measurements;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>How a run, or one request class of it, held its SLO.</summary>
public sealed record SloOutcome
{
    /// <summary>Name of the SLO profile.</summary>
    public required string Profile { get; init; }

    /// <summary>Every limit of the SLO with what was found.</summary>
    public required IReadOnlyList<SloLimitResult> Limits { get; init; }

    /// <summary>Number of requests of the sample that were within the SLO, or missed it for certain.</summary>
    public required int DecidedRequests { get; init; }

    /// <summary>Number of requests of the sample within the SLO.</summary>
    public required int WithinRequests { get; init; }

    /// <summary>Number of requests of the sample that the end of the run cut off before they were decided. They are in no share.</summary>
    public required int UndecidedRequests { get; init; }

    /// <summary>
    /// Requests within the SLO per second of the window (requests/s), each by its share in the window. It is never above the throughput,
    /// and equal to it where all requests are within the SLO. Undecided requests count with the share of the completed ones within it.
    /// </summary>
    public required Reading Goodput { get; init; }

    /// <summary>Share of the decided requests that are within the SLO, in [0, 1].</summary>
    public Reading Attainment =>
        DecidedRequests == 0 ? Reading.Missing("no request was decided") : Reading.Of((double)WithinRequests / DecidedRequests);

    /// <summary>Largest latency over its limit, of all limits. An SLO that is looser by at least this factor would be kept.</summary>
    public Reading WorstRatio
    {
        get
        {
            if (Limits.Select(limit => limit.NotTestedReason).FirstOrDefault(reason => reason is not null) is { } reason)
            {
                return Reading.Missing(reason);
            }

            double[] ratios = [.. Limits.Select(limit => limit.Ratio).OfType<double>()];
            return ratios.Length == 0 ? Reading.Missing("no request that the SLO applies to")
                : ratios.Max() is var worst && double.IsFinite(worst) ? Reading.Of(worst)
                : Reading.Missing("too many requests failed for any SLO");
        }
    }

    /// <summary>Whether every limit holds at its percentile; <c>null</c> where a limit could not be tested and no other failed.</summary>
    public bool? IsFeasible =>
        Limits.Any(limit => limit.Holds == false) ? false
        : Limits.Any(limit => limit.NotTestedReason is not null) || Limits.All(limit => limit.IsVacuous) ? null
        : true;

    /// <summary>The window that the goodput refers to; <c>null</c> if the run has no steady window.</summary>
    public MeasurementWindow? Window { get; init; }
}

/// <summary>Whether a run keeps one limit of its SLO, and by how much.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Samples">Number of requests that were tested, or of token gaps for a limit on TBT.</param>
/// <param name="Ratio">
/// Latency over its limit, at the limit's percentile; the limit holds up to a ratio of 1. A request that failed has no end, so its latency
/// is infinite, and so is the ratio when the percentile is one of the failed requests. <c>null</c> when nothing could be tested.
/// </param>
/// <param name="NotTestedReason">Why the limit could not be tested; <c>null</c> if it was, or if it applies to no request.</param>
public sealed record SloLimitResult(SloLimit Limit, long Samples, double? Ratio, string? NotTestedReason)
{
    /// <summary>Whether the limit holds; <c>null</c> where it could not be tested.</summary>
    public bool? Holds => Ratio is { } ratio ? ratio <= 1 : null;

    /// <summary>The latency at the percentile (s); <c>null</c> for a multiple of the isolated latency, or without a test.</summary>
    public double? FoundSeconds => Ratio * Limit.LimitSeconds;

    /// <summary>Whether the limit applies to no request, so that it holds trivially.</summary>
    public bool IsVacuous => Ratio is null && NotTestedReason is null;
}
