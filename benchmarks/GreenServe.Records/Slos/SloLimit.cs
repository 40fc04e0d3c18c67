using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Slos;

/// <summary>One limit of an SLO: a latency at a percentile, for all requests or some classes.</summary>
public sealed record SloLimit : IChecked
{
    /// <summary>The latency that is limited: ttft, tbt, tpot or e2e.</summary>
    public required SloMetric Metric { get; init; }

    /// <summary>The percentile that must be within the limit.</summary>
    /// <value>Above 0, at most 100; default 99.</value>
    [Range(0, 100, MinimumIsExclusive = true)]
    public double Percentile { get; init; } = 99;

    /// <summary>Limit in seconds; <c>null</c> where <see cref="IsolatedMultiple"/> is given instead.</summary>
    /// <value>Above 0.</value>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? LimitSeconds { get; init; }

    /// <summary>
    /// Limit as a multiple of the same request served alone on the reference system; <c>null</c> where <see cref="LimitSeconds"/> is given
    /// instead.
    /// </summary>
    /// <value>Above 0.</value>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? IsolatedMultiple { get; init; }

    /// <summary>Names of the request classes that the limit applies to (SS..LL); <c>null</c> means all.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether the limit applies to a class.</summary>
    public bool AppliesTo(string requestClass) => Classes is null || Classes.Contains(requestClass);

    /// <summary>The limit in seconds; <c>null</c> for a multiple of an isolated latency that is not known.</summary>
    /// <param name="alone">Latencies of such a request served alone; <c>null</c> where they are not known.</param>
    public double? AllowedSeconds(IsolatedLatency? alone) => LimitSeconds ?? (IsolatedMultiple * Metric switch
    {
        SloMetric.Ttft => alone?.TtftSeconds,
        SloMetric.E2e => alone?.E2eSeconds,
        _ => alone?.TbtSeconds,
    });

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (LimitSeconds is null == IsolatedMultiple is null)
        {
            string found = LimitSeconds is null
                ? "neither limit_seconds nor isolated_multiple"
                : "both limit_seconds and isolated_multiple";
            yield return new Problem("$", found, "exactly one of limit_seconds and isolated_multiple");
        }

        for (int index = 0; index < (Classes?.Count ?? 0); index++)
        {
            if (!RequestClass.TryParse(Classes![index], out _))
            {
                yield return new Problem($"$.classes[{index}]", Classes[index], $"one of {string.Join(", ", RequestClass.All)}");
            }
        }
    }
}

/// <summary>A latency that an SLO limits.</summary>
public enum SloMetric
{
    /// <summary>Time to first token: first token - issued.</summary>
    Ttft,

    /// <summary>Time between consecutive tokens of one request.</summary>
    Tbt,

    /// <summary>Time per output token: (last token - first token) / (output tokens - 1).</summary>
    Tpot,

    /// <summary>End-to-end latency: completed - issued.</summary>
    E2e,
}
