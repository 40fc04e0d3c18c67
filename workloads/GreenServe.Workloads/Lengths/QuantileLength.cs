using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>
/// A length from a table of quantiles, interpolated linearly between its points and rounded to the nearest token.
/// </summary>
public sealed record QuantileLength : LengthDistribution, IChecked
{
    /// <summary>Points of the table, at least two. Shares ascend from 0 to 1, and lengths never fall.</summary>
    public required IReadOnlyList<LengthQuantile> Points { get; init; }

    /// <inheritdoc />
    public override int ShortestTokens() => Round(Points[0].Tokens);

    /// <inheritdoc />
    public override int LongestTokens() => Round(Points[^1].Tokens);

    /// <summary>The quantile of a share in [0, 1] (tokens, not rounded).</summary>
    public double TokensAt(double share)
    {
        int upper = 1;
        while (upper < Points.Count - 1 && Points[upper].Share < share)
        {
            upper++;
        }

        LengthQuantile low = Points[upper - 1];
        LengthQuantile high = Points[upper];
        double weight = Math.Clamp((share - low.Share) / (high.Share - low.Share), 0, 1);
        return low.Tokens + (weight * (high.Tokens - low.Tokens));
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Points.Count < 2)
        {
            yield return new Problem("$.points", $"a list of {Points.Count}", "at least two points, the first at 0 and the last at 1");
            yield break;
        }

        if (Points[0].Share != 0)
        {
            yield return new Problem("$.points[0].at", Points[0].Share, "0 for the first point");
        }

        if (Points[^1].Share != 1)
        {
            yield return new Problem($"$.points[{Points.Count - 1}].at", Points[^1].Share, "1 for the last point");
        }

        for (int index = 1; index < Points.Count; index++)
        {
            if (Points[index].Share <= Points[index - 1].Share)
            {
                string allowed = $"more than the point before ({Points[index - 1].Share:R})";
                yield return new Problem($"$.points[{index}].at", Points[index].Share, allowed);
            }

            if (Points[index].Tokens < Points[index - 1].Tokens)
            {
                string allowed = $"at least the point before ({Points[index - 1].Tokens:R})";
                yield return new Problem($"$.points[{index}].tokens", Points[index].Tokens, allowed);
            }
        }
    }

    internal override int Draw(RandomSequence random) => Round(TokensAt(random.NextUniform()));

    private static int Round(double tokens) => (int)Math.Round(tokens);
}

/// <summary>One point of a quantile table.</summary>
public sealed record LengthQuantile
{
    /// <summary>Share of the lengths that are at most this point's length.</summary>
    /// <value>From 0 to 1.</value>
    [Range(0, 1)]
    [JsonPropertyName("at")]
    public required double Share { get; init; }

    /// <summary>The length in tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    public required double Tokens { get; init; }
}
