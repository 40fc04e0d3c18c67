namespace GreenServe.Records.Runs;

/// <summary>How well the load generator kept up; every measured run carries one.</summary>
public sealed record ClientSelfCheck
{
    /// <summary>Median schedule lag (s).</summary>
    public required double LagP50Seconds { get; init; }

    /// <summary>99th percentile of the schedule lag (s).</summary>
    public required double LagP99Seconds { get; init; }

    /// <summary>Largest schedule lag (s).</summary>
    public required double LagMaxSeconds { get; init; }

    /// <summary>Processor time used by the client over the time passed, in cores.</summary>
    public required double CpuCores { get; init; }

    /// <summary>Share of the time the client stood still for garbage collection.</summary>
    public required double GcPauseRatio { get; init; }

    /// <summary>Memory allocated by the client (bytes).</summary>
    public long? AllocatedBytes { get; init; }
}
