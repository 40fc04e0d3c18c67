using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Runs;

/// <summary>The steady part of a run, or the reason why the run has none.</summary>
/// <remarks>
/// <para>A window that the run itself fixed is kept.</para>
/// <para>
/// In an open loop the window reaches from the end of warm-up to the last arrival. Where it is sessions that arrive, the run itself fixes
/// the window.
/// </para>
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

        if (manifest.Concurrency is null && RequestSample.HasSessions(manifest))
        {
            return Missing("the sessions were over before their load was steady");
        }

        return manifest.Concurrency is { } users
            ? OfClosedLoop(manifest, requests, users, Math.Min(users, manifest.Knobs.MaxBatch ?? users))
            : OfOpenLoop(manifest, requests);
    }

    private static SteadyWindow Found(MeasurementWindow window) => new(window, null);

    private static SteadyWindow Missing(string reason) => new(null, reason);

    private static SteadyWindow OfOpenLoop(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests)
    {
        double lastArrival = requests.Select(request => request.ScheduledSeconds).DefaultIfEmpty(0).Max();
        return lastArrival > manifest.WarmUpSeconds
            ? Found(new MeasurementWindow(manifest.WarmUpSeconds, lastArrival, "open loop: warm-up end to last arrival"))
            : Missing("no request was scheduled after the end of warm-up");
    }

    private static SteadyWindow OfClosedLoop(RunManifest manifest, IReadOnlyCollection<RequestRecord> requests, int users, int batch)
    {
        long turns = RequestSample.TurnsOf(manifest);
        UserTasks tasks = UserTasks.Of(requests, turns, users);
        if (turns > 1 && tasks.Count < batch)
        {
            return Missing($"{tasks.Count} sessions never fill a batch of {batch}");
        }

        if (tasks.FirstTokens.Count < batch)
        {
            return Missing($"the batch of {batch} never filled: {tasks.FirstTokens.Count} requests had a first token");
        }

        if (tasks.Ends.Count < tasks.Count - batch + 1)
        {
            return Missing($"the run ended while the batch of {batch} was full: {tasks.Ends.Count} of {tasks.Count} had ended");
        }

        double start = Math.Max(tasks.FirstTokens[batch - 1], manifest.WarmUpSeconds);
        double end = tasks.Ends[tasks.Count - batch];
        return end > start
            ? Found(new MeasurementWindow(start, end, $"closed loop: batch of {batch} full until it can no longer be"))
            : Missing($"{requests.Count} requests end before a batch of {batch} is full");
    }

    /// <summary>What the users of a closed loop did one after the other: requests, or sessions of several turns.</summary>
    /// <param name="Count">Number of requests or sessions.</param>
    /// <param name="FirstTokens">Times of the first token of each user's first request (s), ascending.</param>
    /// <param name="Ends">Times at which a request or a session ended (s), ascending.</param>
    private sealed record UserTasks(int Count, List<double> FirstTokens, List<double> Ends)
    {
        internal static UserTasks Of(IReadOnlyCollection<RequestRecord> requests, long turns, int users)
        {
            List<double> firstTokens = [];
            List<double> ends = [];
            Dictionary<long, double?> sessions = [];
            foreach (RequestRecord request in requests)
            {
                // The first requests of the users are the first ones of the schedule, or the first turns of its first sessions.
                long task = request.Id / turns;
                if (request.FirstTokenSeconds is { } firstToken && request.Id % turns == 0 && task < users)
                {
                    firstTokens.Add(firstToken);
                }

                if (turns > 1)
                {
                    double? before = sessions.GetValueOrDefault(task);
                    sessions[task] = before > request.CompletedSeconds ? before : request.CompletedSeconds ?? before;
                }
                else if (request.CompletedSeconds is { } end)
                {
                    ends.Add(end);
                }
            }

            ends.AddRange(sessions.Values.OfType<double>());
            firstTokens.Sort();
            ends.Sort();
            return new UserTasks(turns > 1 ? sessions.Count : requests.Count, firstTokens, ends);
        }
    }
}
