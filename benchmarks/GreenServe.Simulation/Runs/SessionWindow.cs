using GreenServe.Records.Measurements;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Finds the steady window of a simulated load whose sessions decide on it, by the rules of the load generator: an open loop of sessions,
/// or a closed loop whose sessions have different numbers of turns.
/// </summary>
internal sealed class SessionWindow
{
    private readonly RequestSchedule schedule;
    private readonly SessionRamp? ramp;
    private int usersWithoutFirstToken;
    private double lastFirstTokenSeconds = double.NegativeInfinity;
    private double lastArrivalSeconds;
    private double lastSentSeconds;
    private double? idleSeconds;

    private SessionWindow(RequestSchedule schedule)
    {
        this.schedule = schedule;
        ramp = schedule.Concurrency is null ? new SessionRamp(schedule) : null;
        usersWithoutFirstToken = schedule.Concurrency ?? 0;
    }

    /// <summary>The window of a schedule; <c>null</c> for a schedule whose window follows from its requests alone.</summary>
    internal static SessionWindow? Of(RequestSchedule schedule) =>
        schedule.HasSessions && (schedule.Concurrency is null || schedule.VaryingSessions is not null) ? new SessionWindow(schedule) : null;

    /// <summary>Notes a request that is sent.</summary>
    internal void NoteSent(in ScheduledRequest request, double seconds)
    {
        ramp?.Add(request, seconds);
        lastSentSeconds = Math.Max(lastSentSeconds, seconds);
        lastArrivalSeconds = request.Turn is > 0 ? lastArrivalSeconds : Math.Max(lastArrivalSeconds, seconds);
    }

    /// <summary>Notes a request that has ended.</summary>
    internal void NoteEnd(in ScheduledRequest request, double? firstTokenSeconds)
    {
        if (schedule.IsFirstOfUser(request) && firstTokenSeconds is { } first)
        {
            lastFirstTokenSeconds = Math.Max(lastFirstTokenSeconds, first);
            usersWithoutFirstToken--;
        }
    }

    /// <summary>Notes that a user of a closed loop found no session left.</summary>
    internal void NoteIdle(double seconds) => idleSeconds ??= seconds;

    /// <summary>The window; <c>null</c> for a load that was never steady.</summary>
    internal MeasurementWindow? Find()
    {
        if (ramp is not null)
        {
            double full = schedule.Requests[0].ScheduledSeconds + ramp.FullAfterSeconds();
            return Between(full, lastArrivalSeconds, "open loop: 95 % of the turns of its sessions under way to last arrival of a session");
        }

        return usersWithoutFirstToken > 0 ? null : Between(
            lastFirstTokenSeconds, idleSeconds ?? lastSentSeconds, "closed loop: all users served to first one without a session");
    }

    private MeasurementWindow? Between(double start, double end, string rule)
    {
        double opened = Math.Max(start, schedule.WarmUpSeconds);
        return end > opened ? new MeasurementWindow(opened, end, rule) : null;
    }
}
