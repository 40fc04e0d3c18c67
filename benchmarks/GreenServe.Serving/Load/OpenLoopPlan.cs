using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>
/// Sends each request at its scheduled time, whether or not earlier ones have ended. With a maximum in flight, a request is also held back
/// until there is a place for it.
/// </summary>
/// <param name="feed">The requests in the order of their times.</param>
/// <param name="provider">The clock of the run.</param>
/// <param name="origin">Second 0 of the schedule; a timestamp of that clock.</param>
/// <param name="maxInFlight">Maximum number of requests in flight; <c>null</c> for no maximum.</param>
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

        if (maxInFlight is { } places && Volatile.Read(ref inFlight) >= places)
        {
            turn = new Turn(DueTimestamp: null);
            return true;
        }

        // The wait for a place ends when the place became free. What passes after that is the client's own lag.
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
