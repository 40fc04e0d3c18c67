using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Lengths;

/// <summary>An output that ends by itself, where the model says so. Its length is known when it has come.</summary>
/// <remarks>Only outputs of a server can be natural, and then all of them are. A simulated model cannot say where it would end.</remarks>
public sealed record NaturalLength : LengthDistribution
{
    /// <summary>Length at which an output is cut where it has not ended by itself (tokens).</summary>
    /// <value>From 1 to <see cref="RequestLimits.MaxTokens"/>; default 1024.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonPropertyName("greatest_tokens")]
    public int MaxTokens { get; init; } = 1024;

    /// <inheritdoc />
    public override int ShortestTokens() => 1;

    /// <inheritdoc />
    public override int LongestTokens() => MaxTokens;

    internal override int Draw(RandomSequence random) => MaxTokens;
}
