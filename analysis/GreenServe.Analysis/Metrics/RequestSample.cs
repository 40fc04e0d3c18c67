using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The requests whose latencies count.</summary>
/// <param name="Requests">Every request of the sample, failed ones included.</param>
/// <param name="Rule">How they were chosen.</param>
public sealed record RequestSample(IReadOnlyList<RequestRecord> Requests, string Rule)
{
    /// <summary>
    /// Open loop: every request scheduled in the window, wherever it ended. Closed loop: every request issued in the window; where
    /// the run is a single wave and none is, all that ran in it.
    /// </summary>
    public static RequestSample Of(RunManifest manifest, IReadOnlyList<RequestRecord> requests, MeasurementWindow? window)
    {
        if (window is null)
        {
            return new RequestSample([.. requests.Where(request => request.ScheduledSeconds >= manifest.WarmUpSeconds)], "scheduled after warm-up");
        }

        if (manifest.Concurrency is null)
        {
            return new RequestSample(
                [.. requests.Where(request => IsWithin(request.ScheduledSeconds, window))], "scheduled in the window");
        }

        RequestRecord[] issued = [.. requests.Where(request => request.IssuedSeconds is { } at && IsWithin(at, window))];
        return issued.Length > 0
            ? new RequestSample(issued, "issued in the window")
            : new RequestSample(
                [.. requests.Where(request => request.IssuedSeconds <= window.EndSeconds && !(request.CompletedSeconds < window.StartSeconds))],
                "running in the window");
    }

    private static bool IsWithin(double seconds, MeasurementWindow window) =>
        seconds >= window.StartSeconds && seconds <= window.EndSeconds;
}
