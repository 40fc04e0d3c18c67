using System.Text.Json.Nodes;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>Finds the steady part of a run.</summary>
/// <remarks>
/// A window the run itself fixed is kept. Open loop: from the end of warm-up to the last arrival. Closed loop of B users and N
/// requests: from the moment B requests have had their first token until fewer than B are left, that is until N - B + 1 have
/// ended (ML.ENERGY, arXiv 2505.06371, closes two endings earlier, at N - B - 1; with waves of equal requests that would cut a
/// whole wave). B is the smaller of the number of users and the batch limit. Where users hold sessions of several turns, a user is
/// left without work when no session is left: N counts sessions, and a session ends with its last turn.
/// </remarks>
public static class SteadyWindow
{
    /// <summary>The window, or why there is none.</summary>
    public static (MeasurementWindow? Window, string? WhyNot) Of(RunManifest manifest, IReadOnlyList<RequestRecord> requests)
    {
        if (manifest.Window is { } chosen)
        {
            return chosen.LengthSeconds > 0 ? (chosen, null) : (null, "the window of the run has no length");
        }

        return manifest.Concurrency is { } users
            ? ClosedLoop(manifest, requests, Math.Min(users, manifest.Knobs.MaxBatch ?? users))
            : OpenLoop(manifest, requests);
    }

    private static (MeasurementWindow?, string?) OpenLoop(RunManifest manifest, IReadOnlyList<RequestRecord> requests)
    {
        double lastArrival = requests.Count == 0 ? 0 : requests.Max(request => request.ScheduledSeconds);
        return lastArrival > manifest.WarmUpSeconds
            ? (new MeasurementWindow(manifest.WarmUpSeconds, lastArrival, "open loop: warm-up end to last arrival"), null)
            : (null, "no request was scheduled after the end of warm-up");
    }

    private static (MeasurementWindow?, string?) ClosedLoop(RunManifest manifest, IReadOnlyList<RequestRecord> requests, int batch)
    {
        double[] firstTokens = [.. requests.Select(request => request.FirstTokenSeconds).OfType<double>().Order()];
        double?[] tasks = TurnsOf(manifest) is > 1 and var turns
            ? [.. requests.GroupBy(request => request.Id / turns).Select(session => session.Max(request => request.CompletedSeconds))]
            : [.. requests.Select(request => request.CompletedSeconds)];
        double[] ends = [.. tasks.OfType<double>().Order()];
        if (firstTokens.Length < batch || ends.Length < tasks.Length - batch + 1)
        {
            return (null, $"the batch of {batch} never filled: {firstTokens.Length} requests had a first token");
        }

        double start = Math.Max(firstTokens[batch - 1], manifest.WarmUpSeconds);
        if (tasks.Length < batch)
        {
            return (null, $"{tasks.Length} sessions never fill a batch of {batch}");
        }

        double end = ends[tasks.Length - batch];
        return end > start
            ? (new MeasurementWindow(start, end, $"closed loop: batch of {batch} full until it can no longer be"), null)
            : (null, $"{requests.Count} requests end before a batch of {batch} is full");
    }

    private static long TurnsOf(RunManifest manifest) =>
        (manifest.Workload["sessions"] as JsonObject)?["turns"] is JsonValue value && value.TryGetValue(out int turns) && turns > 0 ? turns : 1;
}
