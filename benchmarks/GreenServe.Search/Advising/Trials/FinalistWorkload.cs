using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Advising.Trials;

/// <summary>A workload with enough requests for the tails of its latencies.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Changes">What was changed of the workload that was given, each in a sentence.</param>
/// <param name="Warnings">What a reader must know of the number of requests, each in a sentence.</param>
public sealed record FinalistWorkload(Workload Workload, IReadOnlyList<string> Changes, IReadOnlyList<string> Warnings)
{
    /// <summary>The number of requests after the warm-up that a finalist needs, unless another is asked for.</summary>
    public const int MinRequests = AdviceWarnings.MinRequests;

    /// <summary>Repetitions whose warm-up is looked at. Each has other arrivals.</summary>
    private const int LookedAt = 5;

    /// <summary>Makes a workload long enough.</summary>
    /// <remarks>
    /// A closed loop gets more requests, and open arrivals that do not end by themselves go on for longer. A trace, counted arrivals and
    /// stages end by themselves and stay as they are.
    /// </remarks>
    /// <param name="workload">The workload.</param>
    /// <param name="minRequests">Number of requests after the warm-up, at least 1.</param>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public static FinalistWorkload Of(Workload workload, int minRequests = MinRequests)
    {
        int judged = Enumerable.Range(0, LookedAt).Min(repetition => JudgedOf(RequestSchedule.For(workload, repetition)));
        if (judged >= minRequests)
        {
            return new FinalistWorkload(workload, [], []);
        }

        if (EndsByItself(workload))
        {
            return new FinalistWorkload(workload, [], [TooShort(workload, judged, minRequests)]);
        }

        Workload longer = Longer(workload, minRequests);
        return new FinalistWorkload(longer, [Change(workload, longer, judged, minRequests)], []);
    }

    /// <summary>Number of requests at the beginning of a schedule that are warm-up.</summary>
    internal static int WarmUpOf(RequestSchedule schedule) => schedule.Concurrency is { } users
        ? (int)Math.Min(schedule.Requests.Count / 2, UsersWarmUp(users, schedule))
        : schedule.Requests.Count(request => request.ScheduledSeconds < schedule.WarmUpSeconds);

    /// <summary>
    /// Requests whose latencies count. In a closed loop the first and the last requests of the users do not: the batch is not full.
    /// </summary>
    private static int JudgedOf(RequestSchedule schedule) => schedule.Requests.Count - WarmUpOf(schedule);

    /// <summary>Warm-up of a closed loop that is long enough for it: the first session or request of each user, and the last one.</summary>
    private static long UsersWarmUp(int users, RequestSchedule schedule) => 2L * users * TurnsOf(schedule);

    private static int TurnsOf(RequestSchedule schedule) =>
        schedule.HasSessions ? 1 + schedule.Requests.Max(request => request.Turn ?? 0) : 1;

    private static bool EndsByItself(Workload workload) => workload.Arrival is TraceArrival || workload.Arrival.EndSeconds() is not null;

    private static Workload Longer(Workload workload, int minRequests)
    {
        Workload endless = workload with { DurationSeconds = null, Requests = 2 * minRequests };
        int warmUp = 0;
        for (int repetition = 0; repetition < LookedAt; repetition++)
        {
            RequestSchedule schedule = RequestSchedule.For(endless, repetition);
            while (schedule.Requests.Count < warmUp + minRequests
                || (schedule.Concurrency is null && schedule.Requests[^1].ScheduledSeconds < schedule.WarmUpSeconds))
            {
                endless = endless with { Requests = 2 * endless.Requests };
                schedule = RequestSchedule.For(endless, repetition);
            }

            long own = schedule.Concurrency is { } users ? UsersWarmUp(users, schedule) : WarmUpOf(schedule);
            warmUp = Math.Max(warmUp, checked((int)own));
        }

        return workload with { DurationSeconds = null, Requests = warmUp + minRequests };
    }

    private static string Change(Workload given, Workload longer, int judged, int minRequests)
    {
        string end = given.DurationSeconds is { } seconds ? FormattableString.Invariant($" and no longer ends after {seconds} s") : "";
        return FormattableString.Invariant($"The workload was made longer: it has {longer.Requests} requests{end}, because ")
            + FormattableString.Invariant($"{judged} requests after the warm-up are too few for the tails of the latencies, which need ")
            + FormattableString.Invariant($"{minRequests}.");
    }

    private static string TooShort(Workload workload, int judged, int minRequests)
    {
        string what = workload.Arrival is TraceArrival ? "The trace" : "The workload";
        return FormattableString.Invariant(
            $"{what} is too short for its tails: it has {judged} requests after the warm-up, and the percentiles of an SLO need ")
            + FormattableString.Invariant($"{minRequests}. It stays as it is, because its arrivals end by themselves.");
    }
}
