using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The requests whose latencies count.</summary>
/// <param name="Requests">Every request of the sample, failed ones included.</param>
/// <param name="Rule">How the requests were chosen, in words.</param>
internal sealed record RequestSample(IReadOnlyList<RequestRecord> Requests, string Rule)
{
    /// <summary>Chooses the requests of a run whose latencies count.</summary>
    /// <remarks>
    /// In an open loop these are all requests scheduled in the window, wherever they ended. In a closed loop these are all requests issued
    /// in the window. A run of a single wave issues none in the window; then all requests count that ran in it. Without a window all
    /// requests count that were scheduled after warm-up.
    /// </remarks>
    /// <param name="manifest">The run.</param>
    /// <param name="requests">Every request of the run.</param>
    /// <param name="window">The steady window; <c>null</c> if the run has none.</param>
    internal static RequestSample Of(RunManifest manifest, IReadOnlyList<RequestRecord> requests, MeasurementWindow? window)
    {
        if (window is null)
        {
            RequestRecord[] afterWarmUp = [.. requests.Where(request => request.ScheduledSeconds >= manifest.WarmUpSeconds)];
            return new RequestSample(afterWarmUp, "scheduled after warm-up");
        }

        if (manifest.Concurrency is null)
        {
            return new RequestSample(
                [.. requests.Where(request => IsWithin(request.ScheduledSeconds, window))], "scheduled in the window");
        }

        RequestRecord[] issued = [.. requests.Where(request => request.IssuedSeconds is { } at && IsWithin(at, window))];
        return issued.Length > 0
            ? new RequestSample(issued, "issued in the window")
            : new RequestSample([.. requests.Where(request => RunsIn(request, window))], "running in the window");
    }

    private static bool IsWithin(double seconds, MeasurementWindow window) =>
        seconds >= window.StartSeconds && seconds <= window.EndSeconds;

    /// <summary>Whether a request was issued before the window's end and had not ended at its beginning.</summary>
    private static bool RunsIn(RequestRecord request, MeasurementWindow window) =>
        request.IssuedSeconds <= window.EndSeconds && !(request.CompletedSeconds < window.StartSeconds);
}
