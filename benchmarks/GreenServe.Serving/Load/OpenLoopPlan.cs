using System.Collections.Concurrent;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>
/// Sends each request at its scheduled time, whether or not earlier ones have ended. With sessions it is the first turns that have
/// scheduled times. Each later turn is due when the one before it has ended, however it ended, and its think time has passed. With a
/// maximum in flight, a request is also held back until there is a place for it.
/// </summary>
/// <param name="feed">The requests in the order of their times, and the later turns that this plan announces.</param>
/// <param name="schedule">The order of the requests, and the time at which sending ends.</param>
/// <param name="provider">The clock of the run.</param>
/// <param name="origin">Second 0 of the schedule; a timestamp of that clock.</param>
/// <param name="maxInFlight">Maximum number of requests in flight; <c>null</c> for no maximum.</param>
internal sealed class OpenLoopPlan(RequestFeed feed, RequestSchedule schedule, TimeProvider provider, long origin, int? maxInFlight)
    : IssuePlan
{
    private readonly ConcurrentQueue<NextTurn> known = new();
    private readonly PriorityQueue<int, (long Due, int Index)> turns = new();
    private readonly long? end = schedule.DurationSeconds is { } seconds
        ? origin + (long)Math.Round(seconds * provider.TimestampFrequency)
        : null;

    private int nextFree = schedule.FirstFreeFrom(0);
    private int awaited;
    private int inFlight;
    private long lastFreed;

    internal override bool TryTake(out PreparedRequest? request, out Turn turn)
    {
        request = null;
        turn = default;
        if (FindNext() is not { } next)
        {
            // The session of a request in flight may go on.
            return awaited > 0;
        }

        if (provider.GetTimestamp() < next.Due)
        {
            turn = new Turn(next.Due);
            return true;
        }

        if (maxInFlight is { } places && Volatile.Read(ref inFlight) >= places)
        {
            return true;
        }

        // The wait for a place ends when the place became free. What passes after that is the client's own lag.
        turn = new Turn(next.Due, maxInFlight is null ? null : Math.Max(0, Interlocked.Read(ref lastFreed) - next.Due));
        Interlocked.Increment(ref inFlight);
        request = Take(next);
        return request is not null;
    }

    internal override bool GiveBack(in ScheduledRequest request)
    {
        int? next = schedule.TurnAfter(request);
        if (next is { } index)
        {
            long think = (long)Math.Round(schedule.Requests[index].ThinkSeconds * provider.TimestampFrequency);
            known.Enqueue(new NextTurn(index, provider.GetTimestamp() + think));
        }

        if (maxInFlight is not null)
        {
            Interlocked.Exchange(ref lastFreed, provider.GetTimestamp());
            Interlocked.Decrement(ref inFlight);
        }

        return next is not null || maxInFlight is not null;
    }

    /// <summary>The request that is due first: a later turn whose time is known, or the first turn of the next session.</summary>
    private NextTurn? FindNext()
    {
        while (known.TryDequeue(out NextTurn turn))
        {
            awaited--;
            if (!(turn.Due >= end))
            {
                turns.Enqueue(turn.Index, (turn.Due, turn.Index));
            }
        }

        NextTurn? first = nextFree < schedule.Requests.Count ? new NextTurn(nextFree, DueOf(nextFree)) : null;
        return turns.TryPeek(out int index, out (long Due, int Index) place) && !(first?.Due <= place.Due)
            ? new NextTurn(index, place.Due)
            : first;
    }

    private PreparedRequest? Take(NextTurn next)
    {
        if (next.Index == nextFree)
        {
            nextFree = schedule.FirstFreeFrom(nextFree + 1);
        }
        else
        {
            turns.Dequeue();
        }

        ScheduledRequest taken = schedule.Requests[next.Index];
        if (schedule.TurnAfter(taken) is { } after)
        {
            // The next turn is needed when the response to this one has come, which is time enough to prepare it.
            awaited++;
            feed.Announce(schedule.Requests[after]);
        }

        return feed.Take(taken.Id);
    }

    private long DueOf(int index) =>
        origin + (long)Math.Round(schedule.Requests[index].ScheduledSeconds * provider.TimestampFrequency);

    /// <param name="Index">Index of the request in the schedule.</param>
    /// <param name="Due">When it is due; a timestamp of the run's clock.</param>
    private readonly record struct NextTurn(int Index, long Due);
}
