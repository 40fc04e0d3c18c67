using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>
/// Sends the requests of a fixed number of users. Each user takes the next request as soon as its last one has ended, thinks, and sends
/// it. With sessions the next request is the next turn of the user's session, however the last turn ended. After the last turn it is the
/// first turn of a session that nobody has begun.
/// </summary>
internal sealed class ClosedLoopPlan : IssuePlan
{
    private readonly RequestFeed feed;
    private readonly RequestSchedule schedule;
    private readonly TimeProvider provider;
    private readonly Lock gate = new();
    private readonly Queue<FreeUser> freeUsers = new();
    private readonly PriorityQueue<PreparedRequest, long> thinking = new();
    private readonly long? end;
    private int remaining;
    private int nextFree;
    private long? firstIdle;

    /// <summary>Creates a plan in which all users are free.</summary>
    /// <param name="feed">The requests, ready to be sent.</param>
    /// <param name="schedule">The order of the requests, and the time at which sending ends.</param>
    /// <param name="provider">The clock of the run.</param>
    /// <param name="origin">Second 0 of the schedule; a timestamp of that clock.</param>
    /// <param name="users">Number of users, at least 1.</param>
    internal ClosedLoopPlan(RequestFeed feed, RequestSchedule schedule, TimeProvider provider, long origin, int users)
    {
        this.feed = feed;
        this.schedule = schedule;
        this.provider = provider;
        end = schedule.DurationSeconds is { } seconds ? origin + (long)Math.Round(seconds * provider.TimestampFrequency) : null;
        remaining = schedule.Requests.Count;
        for (int user = 0; user < users; user++)
        {
            freeUsers.Enqueue(new FreeUser(origin, NextTurn: null));
        }
    }

    internal override long? FirstIdleTimestamp => firstIdle;

    internal override bool TryTake(out PreparedRequest? request, out Turn turn)
    {
        request = null;
        turn = default;
        if (provider.GetTimestamp() >= end)
        {
            GiveUpThinking();
            return false;
        }

        AssignFreeUsers();
        if (!thinking.TryPeek(out _, out long due) || due >= end)
        {
            turn = new Turn(end);
            return remaining > 0 || due >= end;
        }

        turn = new Turn(due);
        if (provider.GetTimestamp() >= due)
        {
            request = thinking.Dequeue();
        }

        return true;
    }

    internal override bool GiveBack(in ScheduledRequest request)
    {
        int? nextTurn = schedule.TurnAfter(request);
        lock (gate)
        {
            freeUsers.Enqueue(new FreeUser(provider.GetTimestamp(), nextTurn));
        }

        return true;
    }

    private void GiveUpThinking()
    {
        while (thinking.TryDequeue(out PreparedRequest? request, out _))
        {
            request.Dispose();
        }
    }

    private void AssignFreeUsers()
    {
        while (remaining > 0 && TryTakeUser(out FreeUser user))
        {
            int index = user.NextTurn ?? schedule.FirstFreeFrom(nextFree);
            if (index == schedule.Requests.Count || feed.Take(schedule.Requests[index].Id) is not { } next)
            {
                firstIdle ??= user.Since;
                continue;
            }

            nextFree = user.NextTurn is null ? index + 1 : nextFree;
            remaining--;
            thinking.Enqueue(next, user.Since + (long)Math.Round(next.Request.ThinkSeconds * provider.TimestampFrequency));
        }
    }

    private bool TryTakeUser(out FreeUser user)
    {
        lock (gate)
        {
            return freeUsers.TryDequeue(out user);
        }
    }

    /// <param name="Since">When the last request came back.</param>
    /// <param name="NextTurn">Index of the request that the user's session goes on with; <c>null</c> for a user without one.</param>
    private readonly record struct FreeUser(long Since, int? NextTurn);
}
