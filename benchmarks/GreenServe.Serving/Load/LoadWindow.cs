using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Finds the steady window of a load from its requests.</summary>
/// <param name="schedule">The schedule of the load.</param>
/// <param name="originSeconds">Second 0 of the schedule on the run's clock (s).</param>
/// <param name="warmUpSeconds">End of the warm-up on the run's clock (s).</param>
internal sealed class LoadWindow(RequestSchedule schedule, double originSeconds, double warmUpSeconds)
{
    private readonly SessionRamp? ramp = schedule is { Concurrency: null, HasSessions: true } ? new SessionRamp(schedule) : null;
    private int usersWithoutFirstToken = schedule.Concurrency ?? 0;
    private double lastFirstTokenSeconds = double.NegativeInfinity;
    private double lastArrivalSeconds;

    /// <summary>When the last request had been sent, or the first user found no session left (s); <c>null</c> before that.</summary>
    internal double? FullLoadEndSeconds { get; set; }

    /// <summary>
    /// When the window of a closed loop opens (s): when the first request of every user has brought a first token, or has failed. All of
    /// them are at work then. It is <c>null</c> before that, and in an open loop.
    /// </summary>
    internal double? ClosedStartSeconds =>
        schedule.Concurrency is not null && usersWithoutFirstToken <= 0 ? Math.Max(warmUpSeconds, lastFirstTokenSeconds) : null;

    /// <summary>Enters a request that has ended.</summary>
    /// <param name="request">The request of the schedule.</param>
    /// <param name="row">Its row in the record.</param>
    /// <param name="firstTokenSeconds">When its first token came (s); <c>null</c> where none came.</param>
    internal void Add(in ScheduledRequest request, RequestRecord row, double? firstTokenSeconds)
    {
        if (request.Turn is not > 0)
        {
            lastArrivalSeconds = Math.Max(lastArrivalSeconds, row.ScheduledSeconds);
        }

        ramp?.Add(request, row.ScheduledSeconds - originSeconds);
        if (schedule.IsFirstOfUser(request) && (firstTokenSeconds ?? row.CompletedSeconds) is { } first)
        {
            lastFirstTokenSeconds = Math.Max(lastFirstTokenSeconds, first);
            usersWithoutFirstToken--;
        }
    }

    /// <summary>The window; <c>null</c> for a load that was never steady.</summary>
    internal MeasurementWindow? Find()
    {
        if (schedule.Concurrency is null)
        {
            double end = TokenTimeline.AlignedUpSeconds(lastArrivalSeconds);
            return ramp is null
                ? Between(warmUpSeconds, end, "open loop: end of warm-up to last arrival")
                : Between(
                    Math.Max(warmUpSeconds, originSeconds + schedule.Requests[0].ScheduledSeconds + ramp.FullAfterSeconds()),
                    end,
                    "open loop: 95 % of the turns of its sessions under way to last arrival of a session");
        }

        if (ClosedStartSeconds is not { } start || FullLoadEndSeconds is not { } fullLoadEnd)
        {
            return null;
        }

        return schedule.HasSessions
            ? Between(start, TokenTimeline.AlignedDownSeconds(fullLoadEnd), "closed loop: all users served to first one without a session")
            : Between(start, TokenTimeline.AlignedUpSeconds(fullLoadEnd), "closed loop: all users served to last request sent");
    }

    /// <summary>A window whose edges lie between the slots of the timeline; <c>null</c> where no whole slot is left.</summary>
    /// <remarks>The last request of a load belongs to its window, although the edge is then up to 10 ms behind it.</remarks>
    private static MeasurementWindow? Between(double start, double alignedEnd, string rule)
    {
        if (!double.IsFinite(start))
        {
            return null;
        }

        double alignedStart = TokenTimeline.AlignedUpSeconds(start);
        return alignedEnd > alignedStart ? new MeasurementWindow(alignedStart, alignedEnd, rule) : null;
    }
}
