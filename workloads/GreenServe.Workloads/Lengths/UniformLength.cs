using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>A uniformly distributed whole length between two bounds, both included.</summary>
public sealed record UniformLength : LengthDistribution, IChecked
{
    /// <summary>Shortest length in tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonPropertyName("least_tokens")]
    public required int MinTokens { get; init; }

    /// <summary>Longest length in tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonPropertyName("greatest_tokens")]
    public required int MaxTokens { get; init; }

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

    internal override int Draw(RandomSequence random) => MinTokens + random.NextIndex(MaxTokens - MinTokens + 1);
}
