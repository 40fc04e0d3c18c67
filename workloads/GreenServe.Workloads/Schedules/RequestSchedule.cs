namespace GreenServe.Workloads.Schedules;

/// <summary>A workload made concrete. The same workload and seed give the same requests on every machine.</summary>
public sealed class RequestSchedule
{
    /// <summary>Builds a schedule from its requests.</summary>
    /// <param name="requests">In order of time (open loop) or of sending (closed loop).</param>
    /// <param name="concurrency">Users of a closed loop; <c>null</c> for an open loop.</param>
    /// <param name="warmUpSeconds">Requests scheduled before this are warm-up.</param>
    public RequestSchedule(IReadOnlyList<ScheduledRequest> requests, int? concurrency = null, double warmUpSeconds = 0)
    {
        Requests = requests;
        Concurrency = concurrency;
        WarmUpSeconds = warmUpSeconds;
    }

    /// <summary>The requests; in a closed loop each free user takes the next one.</summary>
    public IReadOnlyList<ScheduledRequest> Requests { get; }

    /// <summary>Users of a closed loop; <c>null</c> for an open loop.</summary>
    public int? Concurrency { get; }

    /// <summary>Requests scheduled before this offset (s) are warm-up.</summary>
    public double WarmUpSeconds { get; }
}
