namespace GreenServe.Engine.Http;

/// <summary>A completion or chat request after every check.</summary>
internal sealed record ParsedRequest
{
    internal required bool IsChat { get; init; }

    internal required GenerationRequest Generation { get; init; }

    internal bool Streams { get; init; }

    internal bool IncludesUsage { get; init; }

    internal bool IncludesContinuousUsage { get; init; }

    internal bool ReturnsTokenIds { get; init; }

    /// <summary>Texts that end the output; empty for none.</summary>
    internal IReadOnlyList<string> Stops { get; init; } = [];
}
