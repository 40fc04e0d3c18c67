using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>A normally distributed length, rounded to the nearest token. A length outside the bounds becomes the nearer bound.</summary>
/// <remarks>Mean and deviation describe the distribution before clipping.</remarks>
public sealed record NormalLength : LengthDistribution, IChecked
{
    /// <summary>Mean length in tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    public required double MeanTokens { get; init; }

    /// <summary>Standard deviation of the length in tokens.</summary>
    /// <value>From 0 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(0, RequestLimits.MaxTokens)]
    public required double DeviationTokens { get; init; }

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

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (MaxTokens < MinTokens)
        {
            yield return new Problem("$.greatest_tokens", MaxTokens, $"at least least_tokens ({MinTokens})");
        }
    }

    internal override int Draw(RandomSequence random) =>
        (int)Math.Round(Math.Clamp(MeanTokens + (DeviationTokens * random.NextNormal()), MinTokens, MaxTokens));
}
