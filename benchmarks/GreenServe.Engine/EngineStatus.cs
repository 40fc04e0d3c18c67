namespace GreenServe.Engine;

/// <summary>Load of an engine at one moment; served as <c>/metrics</c>.</summary>
public readonly record struct EngineStatus
{
    /// <summary>Requests with a slot in the batch.</summary>
    public required int Running { get; init; }

    /// <summary>Requests that wait for a slot.</summary>
    public required int Waiting { get; init; }

    /// <summary>Share of the key-value cache in use, in [0, 1]; <c>null</c> if not known.</summary>
    public double? KvCacheRatio { get; init; }

    /// <summary>Preemptions since the start.</summary>
    public long Preemptions { get; init; }

    /// <summary>Prompt tokens looked up in the prefix cache since the start; <c>null</c> without such a cache.</summary>
    public long? PrefixQueryTokens { get; init; }

    /// <summary>Prompt tokens found there; <c>null</c> without such a cache.</summary>
    public long? PrefixHitTokens { get; init; }
}
