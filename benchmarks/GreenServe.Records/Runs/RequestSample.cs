using System.Text.Json.Nodes;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>Chooses the requests of a run whose latencies count.</summary>
public sealed class RequestSample
{
    private readonly double warmUpSeconds;
    private readonly LatencySample? ofWindow;

    private RequestSample(double warmUpSeconds, LatencySample? ofWindow)
    {
        this.warmUpSeconds = warmUpSeconds;
        this.ofWindow = ofWindow;
    }

    /// <summary>How the requests were chosen, in words.</summary>
    public string Rule => ofWindow?.Rule ?? "scheduled after warm-up";

    /// <summary>The rule for a run, as <see cref="LatencySample"/> states it.</summary>
    /// <param name="manifest">The run.</param>
    /// <param name="requests">Every request of the run. Those of an open loop are not read.</param>
    /// <param name="window">
    /// The steady window; <c>null</c> if the run has none, and then all requests count that were scheduled after warm-up.
    /// </param>
    public static RequestSample Of(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests, MeasurementWindow? window) => new(
        manifest.WarmUpSeconds,
        window is null
            ? null
            : new LatencySample(window, manifest.Concurrency, HasSessions(manifest), requests.Select(RequestSpan.Of)));

    /// <summary>Whether the latencies of a request count.</summary>
    public bool Contains(RequestRecord request) =>
        ofWindow?.Contains(RequestSpan.Of(request)) ?? request.ScheduledSeconds >= warmUpSeconds;

    /// <summary>The verdict reason against the sample; <c>null</c> where it holds enough requests.</summary>
    /// <param name="completed">Number of its completed requests.</param>
    internal VerdictReason? ReasonAgainst(int completed) => ofWindow?.ReasonAgainst(completed);

    /// <summary>Whether requests are turns of sessions.</summary>
    internal static bool HasSessions(RunManifest manifest) => manifest.Sessions is not null || TurnsOf(manifest) > 1;

    /// <summary>
    /// Turns of a session; 1 for a workload without sessions, and for one whose sessions have different numbers of turns.
    /// </summary>
    internal static long TurnsOf(RunManifest manifest) =>
        manifest.Sessions is null && manifest.Workload["dataset"] is null
        && (manifest.Workload["sessions"] as JsonObject)?["turns"] is JsonValue value && value.TryGetValue(out int turns) && turns > 0
            ? turns
            : 1;
}
