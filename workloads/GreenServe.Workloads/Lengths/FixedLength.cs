using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>A length that is the same for every request.</summary>
public sealed record FixedLength : LengthDistribution
{
    /// <summary>The length in tokens.</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>.</value>
    [Range(1, RequestLimits.MaxTokens)]
    public required int Tokens { get; init; }

    /// <inheritdoc />
    public override int ShortestTokens() => Tokens;

    /// <inheritdoc />
    public override int LongestTokens() => Tokens;

    internal override int Draw(RandomSequence random) => Tokens;
}
