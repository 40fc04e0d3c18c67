using System.ComponentModel;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>A quantile table, linear between its points; the result is rounded to the nearest token.</summary>
public sealed record QuantileLength : LengthDistribution, IChecked
{
    /// <summary>The table, from <c>at: 0</c> to <c>at: 1</c>, growing.</summary>
    [Description("The table: shares growing from 0 to 1, lengths not falling.")]
    public required IReadOnlyList<LengthQuantile> Points { get; init; }

    /// <inheritdoc />
    public override int ShortestTokens() => Round(Points[0].Tokens);

    /// <inheritdoc />
    public override int LongestTokens() => Round(Points[^1].Tokens);

    /// <summary>The length at a share in [0, 1] (tokens, not rounded).</summary>
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
