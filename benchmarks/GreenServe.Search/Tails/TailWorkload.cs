using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Tails;

/// <summary>A workload with enough requests for the tails of its latencies.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Changes">What was changed of the workload that was given, each in a sentence.</param>
/// <param name="Warnings">What a reader must know of the number of requests, each in a sentence.</param>
public sealed record TailWorkload(Workload Workload, IReadOnlyList<string> Changes, IReadOnlyList<string> Warnings)
{
    /// <summary>The number of requests after the warm-up that a tail needs, unless another is asked for.</summary>
    public const int MinRequests = TailText.MinRequests;

    /// <summary>Repetitions whose warm-up is looked at, unless there are more. Each has other arrivals.</summary>
    private const int LookedAt = 5;

    /// <summary>
    /// A workload is made at most as long as this many times the wanted number of requests. A limit of an SLO on rarer classes than that
    /// keeps fewer requests behind it.
    /// </summary>
    private const int MaxFactor = 100;

    /// <summary>Makes a workload long enough.</summary>
    /// <remarks>
    /// A closed loop gets more requests, and open arrivals that do not end by themselves go on for longer. A trace, counted arrivals and
    /// stages end by themselves and stay as they are.
    /// </remarks>
    /// <param name="workload">The workload.</param>
    /// <param name="minRequests">Number of requests after the warm-up, at least 1.</param>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public static TailWorkload Of(Workload workload, int minRequests = MinRequests) => Of(workload, [null], LookedAt, minRequests);

    /// <summary>
    /// Makes a workload long enough for each limit of its SLO: so many requests are of the classes that it applies to. A workload that ends
    /// by itself stays as it is.
    /// </summary>
    /// <param name="workload">The workload.</param>
    /// <param name="repetitions">Repetitions that will run.</param>
    /// <param name="minRequests">Number of requests after the warm-up, at least 1.</param>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public static TailWorkload ForEachLimit(Workload workload, int repetitions, int minRequests = MinRequests) =>
        EndsByItself(workload)
            ? new TailWorkload(workload, [], [])
            : Of(workload, [null, .. SloTails.ClassesOf(workload.Slo)], Math.Max(repetitions, LookedAt), minRequests);

    /// <summary>Number of requests at the beginning of a schedule that are warm-up.</summary>
    internal static int WarmUpOf(RequestSchedule schedule) => schedule.Concurrency is { } users
        ? (int)Math.Min(schedule.Requests.Count / 2, UsersWarmUp(users, schedule))
        : schedule.Requests.Count(request => request.ScheduledSeconds < schedule.WarmUpSeconds);

    private static TailWorkload Of(Workload workload, IReadOnlyList<IReadOnlyList<string>?> limits, int repetitions, int minRequests)
    {
        int judged = Enumerable.Range(0, repetitions).Min(repetition => JudgedOf(RequestSchedule.For(workload, repetition), limits));
        if (judged >= minRequests)
        {
            return new TailWorkload(workload, [], []);
        }

        if (EndsByItself(workload))
        {
            return new TailWorkload(workload, [], [TooShort(workload, judged, minRequests)]);
        }

        Workload longer = Longer(workload, limits, repetitions, minRequests);
        return new TailWorkload(longer, [Change(workload, longer, judged, minRequests)], []);
    }

    /// <summary>
    /// Requests whose latencies count, behind the limit with the fewest. In a closed loop the first and the last requests of the users do
    /// not: the batch is not full. A limit on classes that do not occur limits nothing.
    /// </summary>
    private static int JudgedOf(RequestSchedule schedule, IReadOnlyList<IReadOnlyList<string>?> limits)
    {
        int warmUp = WarmUpOf(schedule);
        return limits
            .Select(classes => (classes, Count: schedule.Requests.Skip(warmUp).Count(request => SloTails.Has(classes, request))))
            .Where(one => one.Count > 0 || one.classes is null)
            .Min(one => one.Count);
    }

    /// <summary>Warm-up of a closed loop that is long enough for it: the first session or request of each user, and the last one.</summary>
    private static long UsersWarmUp(int users, RequestSchedule schedule) => 2L * users * TurnsOf(schedule);

    private static int TurnsOf(RequestSchedule schedule) =>
        schedule.HasSessions ? 1 + schedule.Requests.Max(request => request.Turn ?? 0) : 1;

    private static bool EndsByItself(Workload workload) => workload.Arrival is TraceArrival || workload.Arrival.EndSeconds() is not null;

    private static Workload Longer(Workload workload, IReadOnlyList<IReadOnlyList<string>?> limits, int repetitions, int minRequests)
    {
        Workload endless = workload with { DurationSeconds = null, Requests = 2 * minRequests };
        int needed = 0;
        for (int repetition = 0; repetition < repetitions; repetition++)
        {
            int? own;
            while ((own = NeededOf(RequestSchedule.For(endless, repetition), limits, minRequests)) is null)
            {
                endless = endless with { Requests = 2 * endless.Requests };
            }

            needed = Math.Max(needed, own.Value);
        }

        return workload with { DurationSeconds = null, Requests = needed };
    }

    /// <summary>
    /// Number of requests from the beginning of a schedule on with which each limit has enough; <c>null</c> where the schedule is too short
    /// to tell.
    /// </summary>
    private static int? NeededOf(RequestSchedule schedule, IReadOnlyList<IReadOnlyList<string>?> limits, int minRequests)
    {
        long warmUp = schedule.Concurrency is { } users ? UsersWarmUp(users, schedule) : WarmUpOf(schedule);
        int[] counts = new int[limits.Count];
        for (int index = (int)Math.Min(warmUp, schedule.Requests.Count); index < schedule.Requests.Count; index++)
        {
            for (int limit = 0; limit < counts.Length; limit++)
            {
                counts[limit] += SloTails.Has(limits[limit], schedule.Requests[index]) ? 1 : 0;
            }

            // Classes that have not occurred by now are too rare, or do not occur at all.
            bool isLongest = index + 1 - warmUp >= (long)MaxFactor * minRequests;
            if (isLongest || (counts[0] >= minRequests && counts.All(count => count >= minRequests || count == 0)))
            {
                return index + 1;
            }
        }

        return null;
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
