namespace GreenServe.Serving.Load;

/// <summary>A fixed number of users. Each takes the next request as soon as the last has come back, thinks, and sends it.</summary>
internal sealed class ClosedLoopPlan : IssuePlan
{
    private readonly RequestFeed feed;
    private readonly TimeProvider provider;
    private readonly Lock gate = new();
    private readonly Queue<long> freeUsers = new();
    private readonly PriorityQueue<PreparedRequest, long> thinking = new();
    private readonly long end;
    private PreparedRequest? next;

    /// <param name="feed">The requests.</param>
    /// <param name="provider">The clock of the run.</param>
    /// <param name="origin">Second 0 of the schedule.</param>
    /// <param name="users">How many.</param>
    /// <param name="durationSeconds">Nothing is sent at or after this; <c>null</c> for no limit.</param>
    internal ClosedLoopPlan(RequestFeed feed, TimeProvider provider, long origin, int users, double? durationSeconds)
    {
        this.feed = feed;
        this.provider = provider;
        end = durationSeconds is { } seconds ? origin + (long)Math.Round(seconds * provider.TimestampFrequency) : long.MaxValue;
        next = feed.Take();
        for (int user = 0; user < users; user++)
        {
            freeUsers.Enqueue(origin);
        }
    }

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
            return next is not null || due >= end;
        }

        turn = new Turn(due);
        if (provider.GetTimestamp() >= due)
        {
            request = thinking.Dequeue();
        }

        return true;
    }

    internal override bool GiveBack()
    {
        lock (gate)
        {
            freeUsers.Enqueue(provider.GetTimestamp());
        }

        return true;
    }

    private void GiveUpThinking()
    {
        next?.Dispose();
        while (thinking.TryDequeue(out PreparedRequest? request, out _))
        {
            request.Dispose();
        }
    }

    private void AssignFreeUsers()
    {
        while (next is not null && TryTakeUser(out long freeSince))
        {
            thinking.Enqueue(next, freeSince + (long)Math.Round(next.Request.ThinkSeconds * provider.TimestampFrequency));
            next = feed.Take();
        }
    }

    private bool TryTakeUser(out long freeSince)
    {
        lock (gate)
        {
            return freeUsers.TryDequeue(out freeSince);
        }
    }
}
