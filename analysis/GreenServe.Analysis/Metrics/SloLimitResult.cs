using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Metrics;

/// <summary>One limit of an SLO held against a run.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Samples">Requests, or token gaps for TBT, it was held against.</param>
/// <param name="Ratio">
/// Latency over its limit at the limit's percentile; at most 1 holds. Infinite when so many requests failed that the percentile
/// is one of them. <c>null</c> when it could not be held against anything.
/// </param>
/// <param name="NotTestedReason">Why there is no ratio.</param>
public sealed record SloLimitResult(SloLimit Limit, long Samples, double? Ratio, string? NotTestedReason)
{
    /// <summary>Whether it holds; <c>null</c> where it could not be tested.</summary>
    public bool? Holds => Ratio is { } ratio ? ratio <= 1 : null;

    /// <summary>The latency found at the percentile (s); <c>null</c> where the limit is a multiple or was not tested.</summary>
    public double? FoundSeconds => Ratio * Limit.LimitSeconds;

    /// <summary>Whether there was nothing it applies to, so that it holds trivially.</summary>
    public bool IsVacuous => Ratio is null && NotTestedReason is null;
}
