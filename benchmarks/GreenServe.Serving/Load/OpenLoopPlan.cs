using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Each request at its scheduled time, whether or not earlier ones have come back; with a cap, not before there is a place.</summary>
/// <param name="feed">The requests.</param>
/// <param name="provider">The clock of the run.</param>
/// <param name="origin">Second 0 of the schedule.</param>
/// <param name="maxInFlight">The cap; <c>null</c> for none.</param>
internal sealed class OpenLoopPlan(RequestFeed feed, TimeProvider provider, long origin, int? maxInFlight) : IssuePlan
{
    private PreparedRequest? next;
    private int inFlight;
    private long lastFreed;

    internal override bool TryTake(out PreparedRequest? request, out Turn turn)
    {
        request = null;
        turn = default;
        next ??= feed.Take();
        if (next is null)
        {
            return false;
        }

        long due = origin + (long)Math.Round(next.Request.ScheduledSeconds * provider.TimestampFrequency);
        if (provider.GetTimestamp() < due)
        {
            turn = new Turn(due);
            return true;
        }

        if (maxInFlight is { } most && Volatile.Read(ref inFlight) >= most)
        {
            turn = new Turn(long.MaxValue);
            return true;
        }

        // Waiting for a place ends when it became free; what passes after that is this client's own lag.
        turn = new Turn(due, maxInFlight is null ? null : Math.Max(0, Interlocked.Read(ref lastFreed) - due));
        Interlocked.Increment(ref inFlight);
        (request, next) = (next, null);
        return true;
    }

    internal override bool GiveBack(in ScheduledRequest request)
    {
        if (maxInFlight is null)
        {
            return false;
        }

        Interlocked.Exchange(ref lastFreed, provider.GetTimestamp());
        Interlocked.Decrement(ref inFlight);
        return true;
    }
}
