namespace GreenServe.Serving.Load;

/// <summary>What the load generator itself used during a run.</summary>
internal sealed record ClientUsage
{
    /// <summary>When the load had ended (s).</summary>
    internal required double EndSeconds { get; init; }

    /// <summary>Processor time over time passed, in cores.</summary>
    internal required double CpuCores { get; init; }

    /// <summary>Share of the time stood still for garbage collection.</summary>
    internal required double GcPauseRatio { get; init; }

    /// <summary>Memory allocated (bytes).</summary>
    internal required long AllocatedBytes { get; init; }

    /// <summary>Largest resident memory (bytes); <c>null</c> if the host does not say.</summary>
    internal long? PeakMemoryBytes { get; init; }

    /// <summary>The reading side.</summary>
    internal required ReadingSelfCheck Reading { get; init; }

    /// <summary>Share of the time the busiest reading thread was not waiting; <c>null</c> if not known.</summary>
    internal double? ReaderBusyRatio { get; init; }
}
