using System.Text.Json.Nodes;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>The requests whose latencies count.</summary>
/// <param name="Requests">Every request of the sample, failed ones included.</param>
/// <param name="Rule">How the requests were chosen, in words.</param>
public sealed record RequestSample(IReadOnlyList<RequestRecord> Requests, string Rule)
{
    /// <summary>The verdict reason against the sample; <c>null</c> where it holds enough requests.</summary>
    public VerdictReason? Reason { get; private init; }

    /// <summary>Chooses the requests of a run whose latencies count, as <see cref="LatencySample"/> does.</summary>
    /// <param name="manifest">The run.</param>
    /// <param name="requests">Every request of the run.</param>
    /// <param name="window">
    /// The steady window; <c>null</c> if the run has none, and then all requests count that were scheduled after warm-up.
    /// </param>
    public static RequestSample Of(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests, MeasurementWindow? window)
    {
        if (window is null)
        {
            RequestRecord[] afterWarmUp = [.. requests.Where(request => request.ScheduledSeconds >= manifest.WarmUpSeconds)];
            return new RequestSample(afterWarmUp, "scheduled after warm-up");
        }

        IEnumerable<RequestSpan> spans = requests.Select(RequestSpan.Of);
        LatencySample sample = new(window, manifest.Concurrency, TurnsOf(manifest) > 1, spans);
        return new RequestSample([.. requests.Where(request => sample.Contains(RequestSpan.Of(request)))], sample.Rule)
        {
            Reason = sample.ReasonAgainst(spans),
        };
    }

    /// <summary>Turns of a session; 1 for a workload without sessions.</summary>
    internal static long TurnsOf(RunManifest manifest) =>
        (manifest.Workload["sessions"] as JsonObject)?["turns"] is JsonValue value && value.TryGetValue(out int turns) && turns > 0
            ? turns
            : 1;
}
