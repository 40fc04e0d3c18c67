using System.Globalization;
using GreenServe.Analysis.Formatting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Slos;

namespace GreenServe.Analysis.Advising;

/// <summary>The words for limits of an SLO and for latencies. Not escaped.</summary>
public static class LimitText
{
    /// <summary>What stands after the number of a limit that is a multiple of the isolated latency.</summary>
    internal const string IsolatedLatency = "times the isolated latency";

    // Beyond this, seconds are read more easily.
    private const double MaxSecondsInMilliseconds = 10;

    /// <summary>What is limited, for example <c>TTFT at P99</c>, or <c>TTFT at P99 of SS, SM</c>.</summary>
    internal static string NameOf(SloMetric metric, double percentile, IReadOnlyList<string>? classes) =>
        $"{NameOf(metric)} at P{percentile.ToString(CultureInfo.InvariantCulture)}"
            + (classes is null ? "" : $" of {string.Join(", ", classes)}");

    /// <summary>What is limited, for example <c>TTFT at P99</c>.</summary>
    /// <param name="limit">The limit.</param>
    public static string NameOf(LimitMargin limit) => NameOf(limit.Metric, limit.Percentile, limit.Classes);

    /// <summary>A limit, for example <c>TTFT at P99 250 ms</c>, or <c>TTFT at P99 5 times the isolated latency</c>.</summary>
    internal static string Allowed(SloLimit limit) =>
        $"{NameOf(limit.Metric, limit.Percentile, limit.Classes)} {Allowed(limit.LimitSeconds, limit.IsolatedMultiple)}";

    /// <summary>The latency as people write it, for example <c>TTFT</c>.</summary>
    internal static string NameOf(SloMetric metric) => metric.ToString().ToUpperInvariant();

    /// <summary>
    /// The latency that was found and its limit, for example <c>TTFT at P99 181 ms (-30 to +46 %) of 250 ms</c>; for a multiple of the
    /// isolated latency, <c>TTFT at P99 3.1 of 5 times the isolated latency</c>.
    /// </summary>
    /// <param name="limit">The limit with what was found.</param>
    public static string Found(LimitMargin limit)
    {
        string name = NameOf(limit);
        string allowed = Allowed(limit.LimitSeconds, limit.IsolatedMultiple);
        string band = BandText.Of(BandOf(limit)) is { Length: > 0 } text ? $" ({text})" : "";
        return limit.Ratio is { } ratio ? $"{name} {Value(limit, ratio)}{band} of {allowed}" : $"{name} not known, of {allowed}";
    }

    /// <summary>The limits that hold and may be missed within the simulator's error band, in words.</summary>
    internal static IReadOnlyList<string> AtRisk(IEnumerable<LimitMargin> limits) =>
        [.. limits.Where(limit => limit is { Ratio: <= 1, HighRatio: > 1 }).Select(NameOf)];

    /// <summary>A time with three significant digits: <c>181 ms</c>, or <c>12.3 s</c>.</summary>
    internal static string TimeOf(double seconds) =>
        seconds < MaxSecondsInMilliseconds ? $"{NumberText.Short(seconds * 1e3)} ms" : $"{NumberText.Short(seconds)} s";

    private static string Allowed(double? seconds, double? isolatedMultiple) => seconds is { } limit
        ? TimeOf(limit)
        : $"{Number(isolatedMultiple ?? 0)} {IsolatedLatency}";

    private static string Value(LimitMargin limit, double ratio) =>
        limit.FoundSeconds is { } found ? TimeOf(found) : NumberText.Short(ratio * (limit.IsolatedMultiple ?? 1));

    private static ErrorBand? BandOf(LimitMargin limit) => limit is { Ratio: > 0, LowRatio: { } low, HighRatio: { } high }
        ? new ErrorBand { LowFactor = low / limit.Ratio.Value, HighFactor = high / limit.Ratio.Value }
        : null;

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
