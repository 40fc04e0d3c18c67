using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.OpenAi;

/// <summary>What is known of a server before the run.</summary>
public sealed record ServerDescription
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>How it speaks.</summary>
    public required DialectName Dialect { get; init; }

    /// <summary>Whether it says that it only simulates: then its latencies are no measurement of any hardware.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>What it calls itself; <c>null</c> if it does not say.</summary>
    public string? Version { get; init; }

    /// <summary>Longest context (tokens); <c>null</c> if it does not say.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Whether prompts go as token ids, whose number is exact.</summary>
    public bool SendsTokenIds { get; init; }

    /// <summary>Whether exactly the output length asked for comes.</summary>
    public bool FixesOutput { get; init; }

    /// <summary>Smallest token id sent.</summary>
    public int LowestTokenId { get; init; }

    /// <summary>Token ids sent are below this.</summary>
    public int EndTokenId { get; init; } = 30_000;

    /// <summary>How it counts the words of a text prompt.</summary>
    public TextLength TextLength { get; init; } = TextLength.Plain;

    /// <summary>Makes this run's prompts differ from every other run's.</summary>
    public ulong Salt { get; init; }
}
