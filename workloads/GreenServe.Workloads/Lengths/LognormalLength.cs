using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>A lognormal length, rounded to the nearest token. A length outside the bounds becomes the nearer bound.</summary>
/// <remarks>
/// The distribution is given by median and sigma, or by mean and 99th percentile. Both describe the distribution before clipping.
/// </remarks>
public sealed record LognormalLength : LengthDistribution, IChecked
{
    private const double Z99 = 2.3263478740408408; // 99th percentile of the standard normal distribution.

    // ln(p99/mean) = z·σ - σ²/2 has its maximum z²/2 at σ = z.
    private static readonly double LargestRatio = PortableMath.Exp(Z99 * Z99 / 2);

    /// <summary>
    /// Median length in tokens, given together with <see cref="Sigma"/>; <c>null</c> where <see cref="MeanTokens"/> and
    /// <see cref="P99Tokens"/> are given instead.
    /// </summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    public double? MedianTokens { get; init; }

    /// <summary>
    /// Standard deviation of the natural logarithm of the length; <c>null</c> where <see cref="MeanTokens"/> and <see cref="P99Tokens"/>
    /// are given instead.
    /// </summary>
    /// <value>From 0 to 10.</value>
    [Range(0, 10)]
    public double? Sigma { get; init; }

    /// <summary>
    /// Mean length in tokens, given together with <see cref="P99Tokens"/>; <c>null</c> where <see cref="MedianTokens"/> and
    /// <see cref="Sigma"/> are given instead.
    /// </summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    public double? MeanTokens { get; init; }

    /// <summary>
    /// 99th percentile of the lengths in tokens; <c>null</c> where <see cref="MedianTokens"/> and <see cref="Sigma"/> are given instead.
    /// </summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    public double? P99Tokens { get; init; }

    /// <summary>Lower bound: a shorter length becomes this many tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>; default 1.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonPropertyName("least_tokens")]
    public int MinTokens { get; init; } = 1;

    /// <summary>Upper bound: a longer length becomes this many tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>; default 131072.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonPropertyName("greatest_tokens")]
    public int MaxTokens { get; init; } = 131_072;

    /// <inheritdoc />
    public override int ShortestTokens() => MinTokens;

    /// <inheritdoc />
    public override int LongestTokens() => MaxTokens;

    /// <summary>Mean and standard deviation of the natural logarithm of the length in tokens.</summary>
    public (double Mu, double Sigma) LogParameters()
    {
        if (MedianTokens is { } median)
        {
            return (PortableMath.Log(median), Sigma!.Value);
        }

        // The equation has two solutions. The larger one has a median far below any length of interest.
        double logRatio = PortableMath.Log(P99Tokens!.Value / MeanTokens!.Value);
        double sigma = Z99 - Math.Sqrt(Math.Max(0, (Z99 * Z99) - (2 * logRatio)));
        return (PortableMath.Log(MeanTokens.Value) - (sigma * sigma / 2), sigma);
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        bool byMedian = MedianTokens is not null && Sigma is not null && MeanTokens is null && P99Tokens is null;
        bool byMean = MeanTokens is not null && P99Tokens is not null && MedianTokens is null && Sigma is null;
        if (!byMedian && !byMean)
        {
            string[] given = [.. new[]
            {
                MedianTokens is null ? null : "median_tokens", Sigma is null ? null : "sigma",
                MeanTokens is null ? null : "mean_tokens", P99Tokens is null ? null : "p99_tokens",
            }.OfType<string>()];
            yield return new Problem(
                "$", given.Length == 0 ? null : string.Join(", ", given), "median_tokens and sigma, or mean_tokens and p99_tokens");
        }

        if (byMean && (P99Tokens <= MeanTokens || P99Tokens > LargestRatio * MeanTokens))
        {
            string allowed = $"more than mean_tokens ({MeanTokens:R}) and at most {LargestRatio:0.0} times it";
            yield return new Problem("$.p99_tokens", P99Tokens, allowed);
        }

        if (MaxTokens < MinTokens)
        {
            yield return new Problem("$.greatest_tokens", MaxTokens, $"at least least_tokens ({MinTokens})");
        }
    }

    internal override int Draw(RandomSequence random)
    {
        (double mu, double sigma) = LogParameters();
        double tokens = PortableMath.Exp(mu + (sigma * random.NextNormal()));
        return (int)Math.Round(Math.Clamp(tokens, MinTokens, MaxTokens));
    }
}
