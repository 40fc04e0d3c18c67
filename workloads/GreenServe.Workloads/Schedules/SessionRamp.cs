using GreenServe.Records.Runs;

namespace GreenServe.Workloads.Schedules;

/// <summary>Finds how long an open loop of sessions takes to come to its full load.</summary>
/// <param name="schedule">The schedule, an open loop with sessions.</param>
/// <remarks>
/// <para>
/// Sessions arrive at a mean rate, and their turns follow. Let F(d) be the share of all turns that are sent within a time d after the
/// arrival of their session. At a time t after the first arrival, turns are sent at F(t) times their full rate, since those of sessions
/// that would have arrived before it are missing. The load counts as full when F(t) reaches 95 %.
/// </para>
/// <para>
/// F is taken of the sessions that arrived in the first half of the arrivals. The run is then at least half over before one of their turns
/// can be missing because the run ended. A turn that was never sent counts as infinitely late.
/// </para>
/// </remarks>
public sealed class SessionRamp(RequestSchedule schedule)
{
    /// <summary>Share of the full rate of turns from which on the load counts as full (%).</summary>
    private const double FullPercent = 95;

    private readonly LatencyHistogram delays = new();
    private readonly double halfSeconds = (schedule.Requests[0].ScheduledSeconds + schedule.Requests[^1].ScheduledSeconds) / 2;
    private long immediate;

    /// <summary>Enters a turn that was sent.</summary>
    /// <param name="request">The request of the schedule.</param>
    /// <param name="dueSeconds">When it was due (s from the start of the schedule).</param>
    public void Add(in ScheduledRequest request, double dueSeconds)
    {
        if (request.Turn is not > 0)
        {
            immediate += request.ScheduledSeconds <= halfSeconds ? 1 : 0;
            return;
        }

        double arrival = schedule.Requests[(int)request.Id].ScheduledSeconds;
        if (arrival <= halfSeconds)
        {
            delays.Add(Math.Max(0, dueSeconds - arrival));
        }
    }

    /// <summary>
    /// Time from the first arrival at which the load has become full (s); infinite where the run was too short to become so.
    /// </summary>
    public double FullAfterSeconds()
    {
        long turns = schedule.Requests.TakeWhile(request => request.ScheduledSeconds <= halfSeconds).LongCount();
        double needed = (FullPercent / 100 * turns) - immediate;
        return needed <= 0 ? 0
            : needed > delays.Count ? double.PositiveInfinity
            : delays.PercentileSeconds(100 * needed / delays.Count) ?? double.PositiveInfinity;
    }
}
