using System.ComponentModel.DataAnnotations;

namespace GreenServe.Workloads;

/// <summary>How much of their prompts requests share. Without prefix sharing every prompt is unique from its first token.</summary>
public sealed record PrefixSharing
{
    /// <summary>Number of groups of requests. Each request belongs to one group, drawn with equal chance.</summary>
    /// <value>From 1 to 1000000.</value>
    [Range(1, 1_000_000)]
    public required int Groups { get; init; }

    /// <summary>
    /// Share of each prompt that is the beginning of its group's common text. The last token of a prompt is never shared.
    /// </summary>
    /// <value>Above 0, at most 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public required double SharedShare { get; init; }

    /// <summary>Number of shared tokens of a prompt: at most all but its last token.</summary>
    /// <param name="inputTokens">Prompt length (tokens).</param>
    public int SharedTokens(int inputTokens) => Math.Min(inputTokens - 1, (int)Math.Round(SharedShare * inputTokens));
}
