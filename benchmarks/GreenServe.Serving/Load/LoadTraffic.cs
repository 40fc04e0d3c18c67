using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Buffers;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Tokens and requests of a load over time, from which the counts of any window follow.</summary>
/// <param name="schedule">The schedule of the load.</param>
internal sealed class LoadTraffic(RequestSchedule schedule)
{
    private readonly SpilledList<RequestSpan> requests = new();
    private bool hasEvents;

    /// <summary>Tokens received over time; events with text where the server counts no tokens.</summary>
    internal TokenTimeline Tokens { get; } = new();

    /// <summary>Adds a request that has ended.</summary>
    internal void Add(RequestTrace trace, RequestRecord row, RunClock clock)
    {
        hasEvents |= trace.IsCountedByEvents;
        Tokens.Add(trace, clock);
        requests.Add(RequestSpan.Of(row));
    }

    /// <summary>The counts of a window.</summary>
    internal IEnumerable<KeyValuePair<RunCounter, double>> CountsOf(MeasurementWindow window) =>
    [
        new(
            hasEvents ? RunCounter.WindowOutputEvents : RunCounter.WindowOutputTokens,
            Tokens.TokensBetween(window.StartSeconds, window.EndSeconds)),
        new(RunCounter.WindowRequestsCompleted, new WindowRequests(window, requests).ServedRequests),
    ];

    /// <summary>The verdict reason against a window with a single completed request; <c>null</c> where there are more.</summary>
    internal VerdictReason? ReasonAgainst(MeasurementWindow window)
    {
        return new LatencySample(window, schedule.Concurrency, schedule.HasSessions, requests).ReasonAgainst(requests);
    }
}
