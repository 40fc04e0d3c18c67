namespace GreenServe.Serving.Load;

/// <summary>A fixed number of users. Each takes the next request as soon as the last has come back, thinks, and sends it.</summary>
internal sealed class ClosedLoopPlan : IssuePlan
{
    private readonly RequestFeed feed;
    private readonly TimeProvider provider;
    private readonly Lock gate = new();
    private readonly Queue<long> freeUsers = new();
    private readonly PriorityQueue<PreparedRequest, long> thinking = new();
    private bool isExhausted;

    internal ClosedLoopPlan(RequestFeed feed, TimeProvider provider, long origin, int users)
    {
        this.feed = feed;
        this.provider = provider;
        for (int user = 0; user < users; user++)
        {
            freeUsers.Enqueue(origin);
        }
    }

    internal override bool TryTake(out PreparedRequest? request, out Turn turn)
    {
        request = null;
        AssignFreeUsers();
        if (!thinking.TryPeek(out _, out long due))
        {
            turn = new Turn(long.MaxValue);
            return !isExhausted;
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

    private void AssignFreeUsers()
    {
        while (!isExhausted && TryTakeUser(out long freeSince))
        {
            if (feed.Take() is not { } request)
            {
                isExhausted = true;
                return;
            }

            thinking.Enqueue(request, freeSince + (long)Math.Round(request.Request.ThinkSeconds * provider.TimestampFrequency));
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
