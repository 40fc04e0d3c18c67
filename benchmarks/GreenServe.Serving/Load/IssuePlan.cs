using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Decides which request goes when. Taken from by one thread; places are given back by any.</summary>
internal abstract class IssuePlan
{
    /// <summary>Takes the next request if its time has come.</summary>
    /// <param name="request">The request to be sent now; <c>null</c> to ask again when <paramref name="turn"/> is due or after a wake.</param>
    /// <param name="turn">When the request was due, or when to ask again.</param>
    /// <returns><c>false</c> when there is none left.</returns>
    internal abstract bool TryTake(out PreparedRequest? request, out Turn turn);

    /// <summary>A request has ended: its place, or its user, is free.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Whether the thread that takes must be woken.</returns>
    internal abstract bool GiveBack(in ScheduledRequest request);

    /// <summary>
    /// When the first user of a closed loop found nothing to take while others still had turns of their sessions to send: from then on
    /// fewer users are at work. <c>null</c> while that is not so.
    /// </summary>
    internal virtual long? FirstIdleTimestamp => null;

    /// <summary>When a request goes.</summary>
    /// <param name="DueTimestamp">When it was, or is, due; <see cref="long.MaxValue"/> for when a place becomes free.</param>
    /// <param name="QueueTicks">How long it waited for a place; <c>null</c> without a cap.</param>
    internal readonly record struct Turn(long DueTimestamp, long? QueueTicks = null);
}
