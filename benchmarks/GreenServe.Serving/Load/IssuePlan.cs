using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>
/// Decides which request is sent when. Only the issuing thread takes requests; any thread may report that a request has ended.
/// </summary>
internal abstract class IssuePlan
{
    /// <summary>Takes the next request if its time has come.</summary>
    /// <param name="request">
    /// The request to send now; <c>null</c> to ask again, when <paramref name="turn"/> is due or after <see cref="GiveBack"/>.
    /// </param>
    /// <param name="turn">When the request was due, or when to ask again.</param>
    /// <returns><c>false</c> when no request is left.</returns>
    internal abstract bool TryTake(out PreparedRequest? request, out Turn turn);

    /// <summary>Reports that a request has ended, so that its place or its user is free.</summary>
    /// <param name="request">The request that has ended.</param>
    /// <returns>Whether the issuing thread must be woken.</returns>
    internal abstract bool GiveBack(in ScheduledRequest request);

    /// <summary>
    /// Time at which the first user of a closed loop found no request to take while other users still had turns to send. From then
    /// on fewer users are active. It is <c>null</c> before that moment, and always in an open loop.
    /// </summary>
    internal virtual long? FirstIdleTimestamp => null;

    /// <summary>The time at which a request is sent, or at which the plan is to be asked again.</summary>
    /// <param name="DueTimestamp">
    /// When the request was due, or when to ask again; <c>null</c> to ask again only when a request has ended.
    /// </param>
    /// <param name="QueueTicks">How long the request waited for a place in flight; <c>null</c> without a maximum in flight.</param>
    internal readonly record struct Turn(long? DueTimestamp, long? QueueTicks = null);
}
