namespace GreenServe.Records.Runs;

/// <summary>How well the load generator kept up with the schedule. The record of every measured run carries one.</summary>
public sealed record ClientSelfCheck
{
    /// <summary>Median schedule lag (s).</summary>
    public required double LagP50Seconds { get; init; }

    /// <summary>99th percentile of the schedule lag (s).</summary>
    public required double LagP99Seconds { get; init; }

    /// <summary>Largest schedule lag (s).</summary>
    public required double LagMaxSeconds { get; init; }

    /// <summary>Processor time that the client used, divided by the length of the run (cores).</summary>
    public required double CpuCores { get; init; }

    /// <summary>Share of the run in which garbage collection stopped the client, in [0, 1].</summary>
    public required double GcPauseRatio { get; init; }

    /// <summary>
    /// Median time from a chunk's arrival in the host's kernel until the client read it (s); <c>null</c> where the kernel does not say.
    /// </summary>
    public double? ReceiveLagP50Seconds { get; init; }

    /// <summary>
    /// 99th percentile of the time from a chunk's arrival in the kernel until the client read it (s); <c>null</c> where the kernel does
    /// not say.
    /// </summary>
    public double? ReceiveLagP99Seconds { get; init; }

    /// <summary>
    /// Longest time from a chunk's arrival in the kernel until the client read it (s); <c>null</c> where the kernel does not say.
    /// </summary>
    public double? ReceiveLagMaxSeconds { get; init; }

    /// <summary>
    /// Source of receipt times: <c>kernel</c> stamps are right even if the client reads late, <c>user</c> stamps are not;
    /// <c>null</c> where the record does not say.
    /// </summary>
    public string? ReceiptClock { get; init; }

    /// <summary>Largest resident memory of the client (bytes); <c>null</c> where the host does not say.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>Memory allocated by the client (bytes).</summary>
    public long? AllocatedBytes { get; init; }
}
