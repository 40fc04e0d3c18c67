using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Requests;

/// <summary>The requests of a run whose latencies count.</summary>
/// <remarks>
/// <para>In an open loop these are the requests scheduled in the window, wherever they ended.</para>
/// <para>
/// In a closed loop these are the requests issued since the window opened, which leaves out the burst of the first wave. The load is full
/// until the last of them is sent, even where the window's end was moved to a reading of a meter. With sessions the load falls before the
/// last request is sent, and only requests issued until the window's end count.
/// </para>
/// <para>
/// A closed loop that issued fewer requests than it has users since its window opened has no whole wave of them. Then all requests count
/// that ran in the window.
/// </para>
/// </remarks>
public sealed class LatencySample
{
    private readonly MeasurementWindow window;
    private readonly Kind kind;

    /// <summary>Chooses the requests whose latencies count.</summary>
    /// <param name="window">The steady window.</param>
    /// <param name="users">Users of a closed loop; <c>null</c> for an open loop.</param>
    /// <param name="hasSessions">Whether the users hold sessions of several turns.</param>
    /// <param name="requests">Every request of the run.</param>
    public LatencySample(MeasurementWindow window, int? users, bool hasSessions, IEnumerable<RequestSpan> requests)
    {
        this.window = window;
        kind = users is null ? Kind.Scheduled : hasSessions ? Kind.IssuedUntilEnd : Kind.Issued;
        if (users is { } count && !requests.Where(Contains).Skip(count - 1).Any())
        {
            kind = Kind.Running;
        }
    }

    private enum Kind
    {
        Scheduled,
        Issued,
        IssuedUntilEnd,
        Running,
    }

    /// <summary>How the requests were chosen, in words.</summary>
    public string Rule => kind switch
    {
        Kind.Scheduled => "scheduled in the window",
        Kind.Issued => "issued since the window opened",
        Kind.IssuedUntilEnd => "issued in the window",
        _ => "running in the window",
    };

    /// <summary>Whether the latencies of a request count.</summary>
    public bool Contains(RequestSpan request) => kind switch
    {
        Kind.Scheduled => request.ScheduledSeconds >= window.StartSeconds && request.ScheduledSeconds <= window.EndSeconds,
        Kind.Issued => request.IssuedSeconds >= window.StartSeconds,
        Kind.IssuedUntilEnd => request.IssuedSeconds >= window.StartSeconds && request.IssuedSeconds <= window.EndSeconds,
        _ => request.IssuedSeconds <= window.EndSeconds && !(request.EndedSeconds < window.StartSeconds),
    };

    /// <summary>The verdict reason against a sample of a single completed request; <c>null</c> where there are more, or none.</summary>
    /// <param name="requests">Every request of the run.</param>
    public VerdictReason? ReasonAgainst(IEnumerable<RequestSpan> requests) =>
        ReasonAgainst(requests.Where(request => request.Status == RequestStatus.Completed && Contains(request)).Take(2).Count());

    /// <summary>The verdict reason against a sample of a single completed request; <c>null</c> where there are more, or none.</summary>
    /// <param name="completed">Number of completed requests whose latencies count.</param>
    internal VerdictReason? ReasonAgainst(int completed) => completed == 1
        ? new VerdictReason(VerdictCode.TooFewRequests, $"a single completed request was {Rule}, at least 2 are needed")
        : null;
}
