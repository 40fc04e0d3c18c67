using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Slos;

/// <summary>One limit of an SLO: a latency at a percentile, for all requests or some classes.</summary>
public sealed record SloLimit : IChecked
{
    /// <summary>The latency limited.</summary>
    [Description("The latency limited: ttft, tbt, tpot or e2e.")]
    public required SloMetric Metric { get; init; }

    /// <summary>The percentile that must hold, in (0, 100].</summary>
    [Description("The percentile that must hold.")]
    [Range(0, 100, MinimumIsExclusive = true)]
    public double Percentile { get; init; } = 99;

    /// <summary>Limit in seconds; <c>null</c> when it is a multiple of the isolated request.</summary>
    [Description("Limit in seconds. Give either this or isolated_multiple.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? LimitSeconds { get; init; }

    /// <summary>Limit as a multiple of the same request alone on the reference system; <c>null</c> when it is in seconds.</summary>
    [Description("Limit as a multiple of the same request served alone. Give either this or limit_seconds.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? IsolatedMultiple { get; init; }

    /// <summary>Names of the classes it applies to (SS..LL); <c>null</c> for all.</summary>
    [Description("Names of the request classes it applies to (SS..LL); absent means all.")]
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether the limit applies to a class.</summary>
    public bool AppliesTo(string requestClass) => Classes is null || Classes.Contains(requestClass);

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (LimitSeconds is null == IsolatedMultiple is null)
        {
            string found = LimitSeconds is null ? "neither limit_seconds nor isolated_multiple" : "both limit_seconds and isolated_multiple";
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
