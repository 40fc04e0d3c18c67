namespace GreenServe.Serving.Load;

/// <summary>The resources that the load generator itself used during a run.</summary>
internal sealed record ClientUsage
{
    /// <summary>Time at which the load had ended (s on the run's clock).</summary>
    internal required double EndSeconds { get; init; }

    /// <summary>Processor time of the whole process divided by the time passed (cores).</summary>
    internal required double CpuCores { get; init; }

    /// <summary>Share of the time for which the process stood still for garbage collection, in [0, 1].</summary>
    internal required double GcPauseRatio { get; init; }

    /// <summary>Memory allocated during the load, whether or not it was freed again (bytes).</summary>
    internal required long AllocatedBytes { get; init; }

    /// <summary>Largest resident memory of the process since its start (bytes); <c>null</c> where the host does not tell.</summary>
    internal long? PeakMemoryBytes { get; init; }

    /// <summary>How well the reading side kept up.</summary>
    internal required ReadingSelfCheck Reading { get; init; }

    /// <summary>
    /// Share of the time for which the busiest reading thread did not wait, in [0, 1]; <c>null</c> where it is not known.
    /// </summary>
    internal double? ReaderBusyRatio { get; init; }
}
