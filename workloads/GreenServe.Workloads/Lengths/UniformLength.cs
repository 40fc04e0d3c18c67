using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>Every whole length between two bounds, both included, equally likely.</summary>
public sealed record UniformLength : LengthDistribution, IChecked
{
    /// <summary>Shortest length (tokens).</summary>
    [Description("Shortest length in tokens.")]
    [Range(1, MostTokens)]
    public required int LeastTokens { get; init; }

    /// <summary>Longest length (tokens).</summary>
    [Description("Longest length in tokens.")]
    [Range(1, MostTokens)]
    public required int GreatestTokens { get; init; }

    /// <inheritdoc />
    public override int ShortestTokens() => LeastTokens;

    /// <inheritdoc />
    public override int LongestTokens() => GreatestTokens;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (GreatestTokens < LeastTokens)
        {
            yield return new Problem("$.greatest_tokens", GreatestTokens, $"at least least_tokens ({LeastTokens})");
        }
    }

    internal override int Draw(RandomSequence random) => LeastTokens + random.NextIndex(GreatestTokens - LeastTokens + 1);
}
