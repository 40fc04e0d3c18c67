using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Runs;

/// <summary>The steady part of a run, or the reason why the run has none.</summary>
/// <remarks>
/// <para>A window that the run itself fixed is kept.</para>
/// <para>In an open loop the window reaches from the end of warm-up to the last arrival.</para>
/// <para>
/// In a closed loop of B users and N requests the window opens when the first requests of B users have received a first token. It closes
/// when fewer than B requests are left, that is when N - B + 1 have ended. ML.ENERGY (arXiv 2505.06371) closes two endings earlier, at
/// N - B - 1; with waves of equal requests that would cut off a whole wave. B is the smaller of the number of users and the batch limit.
/// </para>
/// <para>
/// Where users hold sessions of several turns, N counts sessions and a session ends with its last turn: a user is without work when no
/// session is left.
/// </para>
/// <para>Exactly one of <see cref="Window"/> and <see cref="NoWindowReason"/> is set.</para>
/// </remarks>
public sealed record SteadyWindow
{
    private SteadyWindow(MeasurementWindow? window, string? noWindowReason)
    {
        Window = window;
        NoWindowReason = noWindowReason;
    }

    /// <summary>The window, longer than 0 s; <c>null</c> if the run has no steady part.</summary>
    public MeasurementWindow? Window { get; }

    /// <summary>The reason why the run has no steady part; <c>null</c> exactly when there is a window.</summary>
    public string? NoWindowReason { get; }

    /// <summary>Finds the steady part of a run.</summary>
    /// <param name="manifest">The run.</param>
    /// <param name="requests">Every request of the run.</param>
    public static SteadyWindow Of(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests)
    {
        if (manifest.Window is { } chosen)
        {
            return chosen.LengthSeconds > 0 ? Found(chosen) : Missing("the window of the run has no length");
        }

        return manifest.Concurrency is { } users
            ? OfClosedLoop(manifest, requests, users, Math.Min(users, manifest.Knobs.MaxBatch ?? users))
            : OfOpenLoop(manifest, requests);
    }

    private static SteadyWindow Found(MeasurementWindow window) => new(window, null);

    private static SteadyWindow Missing(string reason) => new(null, reason);

    private static SteadyWindow OfOpenLoop(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests)
    {
        double lastArrival = requests.Count == 0 ? 0 : requests.Max(request => request.ScheduledSeconds);
        return lastArrival > manifest.WarmUpSeconds
            ? Found(new MeasurementWindow(manifest.WarmUpSeconds, lastArrival, "open loop: warm-up end to last arrival"))
            : Missing("no request was scheduled after the end of warm-up");
    }

    private static SteadyWindow OfClosedLoop(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests, int users, int batch)
    {
        // The first requests of the users are the first ones of the schedule, or the first turns of its first sessions.
        long turns = RequestSample.TurnsOf(manifest);
        double[] firstTokens =
        [
            .. requests.Where(request => request.Id % turns == 0 && request.Id / turns < users)
                .Select(request => request.FirstTokenSeconds).OfType<double>().Order(),
        ];
        double?[] tasks = turns > 1
            ? [.. requests.GroupBy(request => request.Id / turns).Select(session => session.Max(request => request.CompletedSeconds))]
            : [.. requests.Select(request => request.CompletedSeconds)];
        double[] ends = [.. tasks.OfType<double>().Order()];
        if (turns > 1 && tasks.Length < batch)
        {
            return Missing($"{tasks.Length} sessions never fill a batch of {batch}");
        }

        if (firstTokens.Length < batch)
        {
            return Missing($"the batch of {batch} never filled: {firstTokens.Length} requests had a first token");
        }

        if (ends.Length < tasks.Length - batch + 1)
        {
            return Missing($"the run ended while the batch of {batch} was full: {ends.Length} of {tasks.Length} had ended");
        }

        double start = Math.Max(firstTokens[batch - 1], manifest.WarmUpSeconds);
        double end = ends[tasks.Length - batch];
        return end > start
            ? Found(new MeasurementWindow(start, end, $"closed loop: batch of {batch} full until it can no longer be"))
            : Missing($"{requests.Count} requests end before a batch of {batch} is full");
    }
}
