using System.Globalization;
using System.Runtime.CompilerServices;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Traits;

namespace GreenServe.Workloads.Schedules;

/// <summary>
/// The requests of a workload, each with its time and lengths. The same workload and seed give the same requests on every machine.
/// </summary>
public sealed class RequestSchedule
{
    /// <summary>Creates a schedule from its requests.</summary>
    /// <param name="requests">The requests in order of time (open loop) or of sending (closed loop).</param>
    /// <param name="concurrency">Users of a closed loop; <c>null</c> for an open loop.</param>
    /// <param name="warmUpSeconds">Length of the warm-up (s).</param>
    /// <param name="durationSeconds">Offset from which on no request is sent (s); <c>null</c> for no limit.</param>
    public RequestSchedule(
        IReadOnlyList<ScheduledRequest> requests, int? concurrency = null, double warmUpSeconds = 0, double? durationSeconds = null)
    {
        Requests = requests;
        Concurrency = concurrency;
        WarmUpSeconds = warmUpSeconds;
        DurationSeconds = durationSeconds;
    }

    /// <summary>The requests in order. In a closed loop each free user takes the next one.</summary>
    public IReadOnlyList<ScheduledRequest> Requests { get; }

    /// <summary>Whether the requests are turns of sessions.</summary>
    public bool HasSessions => Requests is [{ Turn: not null }, ..];

    /// <summary>Users of a closed loop; <c>null</c> for an open loop.</summary>
    public int? Concurrency { get; }

    /// <summary>Requests scheduled before this offset (s) are warm-up.</summary>
    public double WarmUpSeconds { get; }

    /// <summary>
    /// Offset from which on no request is sent (s); <c>null</c> for no limit. The requests of an open loop all lie before it. In a
    /// closed loop the load generator must stop taking requests.
    /// </summary>
    public double? DurationSeconds { get; }

    /// <summary>Memory of the requests, in bytes. A trace that they refer to is not counted.</summary>
    internal long Bytes => Requests is RequestColumns columns ? columns.Bytes : (long)Requests.Count * Unsafe.SizeOf<ScheduledRequest>();

    /// <summary>
    /// How the workload's trace or dataset was read and what is used of it, one sentence each; empty for a workload without either.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The cuts between the request classes of the workload.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>
    /// Whether prompts are the text of a dataset. Their lengths are then estimates, and only the server's count tells how long they are.
    /// </summary>
    public bool HasEstimatedInputs { get; init; }

    /// <summary>Whether outputs end by themselves. The output lengths of the requests are then limits.</summary>
    public bool HasNaturalOutputs { get; init; }

    /// <summary>Whether any prompt is a chat of several messages, which belongs to the chat endpoint of a server.</summary>
    public bool HasChats { get; init; }

    /// <summary>Number of sessions whose number of turns varies; <c>null</c> where it does not, or where there are none.</summary>
    public int? VaryingSessions { get; init; }

    /// <summary>Names of the priorities that requests may have, in ordinal order; empty where the workload states none.</summary>
    public IReadOnlyList<string> Priorities { get; init; } = [];

    /// <summary>The adapters that requests may need, by number; empty where the workload states none.</summary>
    public IReadOnlyList<Adapter> Adapters { get; init; } = [];

    /// <summary>Offset at which the last user of a closed loop begins (s); 0 in an open loop.</summary>
    public double LastUserBeginsSeconds =>
        Requests.Where(request => IsFirstOfUser(request)).Select(request => request.ThinkSeconds).DefaultIfEmpty().Max();

    /// <summary>Builds the schedule of a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="repetition">Number of the repetition, from 0; it is added to the seed.</param>
    /// <exception cref="InvalidInputException">
    /// The trace or the dataset cannot be read, no request falls into the workload's duration, or the requests last more than a year.
    /// </exception>
    /// <exception cref="UnavailableException">The requests do not fit into this host's memory.</exception>
    public static RequestSchedule For(Workload workload, int repetition = 0)
    {
        ScheduleMemory.Require(workload.DurationSeconds is null ? workload.Requests ?? 0 : 0);
        using RequestDraw draw = new(workload, workload.Seed + (ulong)repetition);
        RequestColumns requests = new(workload.Classes);
        using IEnumerator<double> arrivals = draw.ArrivalSeconds().GetEnumerator();
        while (requests.Count != workload.Requests && arrivals.MoveNext() && !(arrivals.Current >= workload.DurationSeconds))
        {
            // A session arrives with its first request. The arrivals of its other turns are passed over, so that requests keep their rate.
            double arrival = arrivals.Current;
            do
            {
                RequireRoom(requests.Count);
                RequireSpan(workload, arrival, requests.Count);
                requests.Add(draw.Next(requests.Count, arrival));
            }
            while (draw.SessionGoesOn && requests.Count != workload.Requests && arrivals.MoveNext());
        }

        if (workload.Concurrency() is { } users && workload.DurationSeconds is null)
        {
            RequireSpan(workload, requests.Sum(request => request.ThinkSeconds) / users, "think times that add up to");
        }

        return requests.Count > 0
            ? draw.ToSchedule(requests)
            : throw new InvalidInputException(new Problem(
                "workload",
                $"no request of '{workload.Name}' before it ends",
                "at least one request: a longer duration, a higher rate or another seed"));
    }

    /// <summary>
    /// Index of the turn that follows a request in its session; <c>null</c> for the last turn, and for a request that stands alone.
    /// </summary>
    public int? TurnAfter(in ScheduledRequest request) =>
        request.Id + 1 < Requests.Count && Requests[(int)request.Id + 1].Turn > 0 ? (int)request.Id + 1 : null;

    /// <summary>Whether a request is the first that its user of a closed loop sends; <c>false</c> in an open loop.</summary>
    public bool IsFirstOfUser(in ScheduledRequest request) =>
        request.Turn is null ? request.Id < Concurrency : request.Turn == 0 && request.PrefixGroup < Concurrency;

    /// <summary>
    /// The requests that no warm-up takes: in an open loop those scheduled after it, and in a closed loop all but the first one of each
    /// user. <c>null</c> for a closed loop that a duration ends or that warms up for a time: only the run tells which requests those are.
    /// </summary>
    public IEnumerable<ScheduledRequest>? AfterWarmUp() =>
        Concurrency is null ? Requests.Where(request => request.ScheduledSeconds >= WarmUpSeconds)
        : DurationSeconds is null && WarmUpSeconds == 0 ? Requests.Where(request => !IsFirstOfUser(request))
        : null;

    /// <summary>
    /// Index of the first request at or after an index that any free user may take. A later turn of a session is no such request.
    /// </summary>
    /// <returns>The index; the number of requests where there is no such request.</returns>
    public int FirstFreeFrom(int index)
    {
        while (index < Requests.Count && Requests[index].Turn > 0)
        {
            index++;
        }

        return index;
    }

    /// <summary>
    /// The requests roughly in the order in which they will be sent. Sessions that run side by side in a closed loop give all first turns,
    /// then all second turns, and so on. Sessions of an open loop give their first turns alone, since nobody knows when the others follow.
    /// Without sessions the order is that of <see cref="Requests"/>.
    /// </summary>
    public IReadOnlyList<ScheduledRequest> InOrderOfNeed() => this switch
    {
        { HasSessions: false } => Requests,
        { Concurrency: { } users } => [.. Requests.OrderBy(request => (request.PrefixGroup / users, request.Turn, request.Id))],
        _ => [.. Requests.Where(request => request.Turn == 0)],
    };

    /// <summary>This schedule with some of its requests only.</summary>
    internal RequestSchedule With(IReadOnlyList<ScheduledRequest> requests, int? varyingSessions) =>
        new(requests, Concurrency, WarmUpSeconds, DurationSeconds)
        {
            Notes = Notes,
            Classes = Classes,
            HasEstimatedInputs = HasEstimatedInputs,
            HasNaturalOutputs = HasNaturalOutputs,
            HasChats = HasChats,
            VaryingSessions = varyingSessions,
            Priorities = Priorities,
            Adapters = Adapters,
        };

    /// <summary>Writes the schedule as CSV with invariant numbers, line feeds, and times with six decimals.</summary>
    public void Write(TextWriter writer)
    {
        writer.Write("id,scheduled_seconds,class,input_tokens,output_tokens,prefix_group,shared_prefix_tokens,think_seconds\n");
        foreach (ScheduledRequest request in Requests)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{request.Id},{request.ScheduledSeconds:F6},{request.Class},{request.InputTokens},{request.OutputTokens},"));
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{request.PrefixGroup},{request.SharedPrefixTokens},{request.ThinkSeconds:F6}\n"));
        }
    }

    /// <summary>Refuses more requests than a workload may have, or than this host's memory holds.</summary>
    private static void RequireRoom(int requests)
    {
        if (requests % ScheduleMemory.CheckedRequests == 0)
        {
            ScheduleMemory.Require(requests);
        }

        if (requests > RequestLimits.MaxRequests)
        {
            throw new InvalidInputException(new Problem(
                "workload", $"more than {RequestLimits.MaxRequests} requests", "fewer: state requests or a shorter duration"));
        }
    }

    /// <summary>Refuses a request that comes too late. The text of the problem is made only where there is one.</summary>
    private static void RequireSpan(Workload workload, double seconds, int request)
    {
        if (!(seconds <= RequestLimits.MaxSpanSeconds))
        {
            RequireSpan(workload, seconds, $"request {request} after");
        }
    }

    private static void RequireSpan(Workload workload, double seconds, string what) => RequestLimits.RequireSpan(
        seconds, $"workload '{workload.Name}'", what, "a higher rate, a trace without such a gap, less think time, or a duration_seconds");
}
