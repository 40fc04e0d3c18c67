using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Lengths;

/// <summary>One point of a quantile table.</summary>
public sealed record LengthQuantile
{
    /// <summary>Share of lengths at or below it, in [0, 1].</summary>
    [Description("Share of lengths at or below this one.")]
    [Range(0, 1)]
    [JsonPropertyName("at")]
    public required double Share { get; init; }

    /// <summary>The length (tokens).</summary>
    [Description("The length in tokens.")]
    [Range(1, RequestLimits.MaxTokens)]
    public required double Tokens { get; init; }
}
