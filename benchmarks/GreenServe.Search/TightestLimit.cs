using System.Globalization;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;

namespace GreenServe.Search;

/// <summary>The limit of an SLO that a run came closest to, or exceeded by most.</summary>
/// <param name="Margin">The limit with the latency that was found.</param>
/// <param name="Ratio">Latency over its limit, at the limit's percentile; infinite where too many requests failed.</param>
/// <param name="Requests">Requests after the warm-up that the limit applies to.</param>
public sealed record TightestLimit(LimitMargin Margin, double Ratio, int Requests)
{
    /// <summary>What was found, for example <c>TTFT at P99 262 ms of 250 ms (104.8 % of the limit)</c>.</summary>
    public string Words => double.IsFinite(Ratio)
        ? string.Create(CultureInfo.InvariantCulture, $"{LimitText.Found(Margin)} ({Ratio:P1} of the limit)")
        : $"{LimitText.NameOf(Margin)}, as more requests failed than the percentile allows";

    /// <summary>The tightest limit of a run; <c>null</c> where the run has no SLO, or no limit could be tested.</summary>
    public static TightestLimit? Of(RunMetrics metrics)
    {
        SloLimitResult? tightest = metrics.Slo?.Limits.Where(result => result.Ratio is not null).MaxBy(result => result.Ratio);
        if (tightest is not { Ratio: { } ratio })
        {
            return null;
        }

        LimitMargin margin = new()
        {
            Metric = tightest.Limit.Metric,
            Percentile = tightest.Limit.Percentile,
            Classes = tightest.Limit.Classes,
            LimitSeconds = tightest.Limit.LimitSeconds,
            IsolatedMultiple = tightest.Limit.IsolatedMultiple,
            FoundSeconds = double.IsFinite(ratio) ? tightest.FoundSeconds : null,
            Ratio = double.IsFinite(ratio) ? ratio : null,
            Samples = tightest.Samples,
        };
        return new TightestLimit(margin, ratio, metrics.RequestsBehind(tightest.Limit));
    }
}
