using GreenServe.Records;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Randomness;
using GreenServe.Workloads.Traces;
using GreenServe.Workloads.Traits;

namespace GreenServe.Workloads.Schedules;

/// <summary>Draws the requests of a workload one after the other.</summary>
internal sealed class RequestDraw : IDisposable
{
    private readonly Workload workload;
    private readonly ScheduleSources sources;
    private readonly IEnumerator<(int InputTokens, int OutputTokens)> lengths;
    private readonly RandomSequence prefixes;
    private readonly RandomSequence thinking;
    private readonly TraceUse? trace;
    private readonly DatasetUse? dataset;
    private readonly TraitDraw? traits;
    private ScheduledRequest? before;
    private long session = -1;

    /// <summary>Begins to draw.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="seed">Seed of the repetition.</param>
    internal RequestDraw(Workload workload, ulong seed)
    {
        this.workload = workload;
        sources = new ScheduleSources(seed, () => TraceFile.Read(workload.Trace!, workload.Folder));
        lengths = workload.Lengths.Lengths(sources).GetEnumerator();
        prefixes = sources.Random(RandomNames.Prefix);
        thinking = sources.Random(RandomNames.Think);
        trace = TraceUse.Of(workload, sources);
        dataset = DatasetUse.Of(workload, seed);
        traits = workload is { Priorities: null, Adapters: null } ? null : new TraitDraw(workload.Priorities, workload.Adapters, sources);
    }

    /// <summary>Whether the request that was drawn last has a turn after it.</summary>
    internal bool SessionGoesOn { get; private set; }

    /// <summary>Times at which requests would arrive if each stood alone (s from the start), rounded to the microsecond.</summary>
    internal IEnumerable<double> ArrivalSeconds() => workload.Arrival.ArrivalSeconds(sources).Select(RoundToMicrosecond);

    /// <summary>Draws the next request.</summary>
    /// <param name="id">Number of the request.</param>
    /// <param name="arrivalSeconds">Time at which it or its session arrives (s).</param>
    internal ScheduledRequest Next(int id, double arrivalSeconds)
    {
        bool isFirst = !SessionGoesOn;
        session += isFirst ? 1 : 0;
        lengths.MoveNext();
        (int input, int output) = lengths.Current;
        double think = workload.Arrival is ClosedLoopArrival closed
            ? closed.NextThinkSeconds(thinking, session, isFirst)
            : isFirst ? 0 : workload.Sessions?.ThinkSeconds ?? 0;
        ScheduledRequest drawn = new(id, arrivalSeconds, workload.Classes.Classify(input, output), input, output)
        {
            PrefixGroup = workload.PrefixSharing is { } sharing ? prefixes.NextIndex(sharing.Groups) : null,
            SharedPrefixTokens = workload.PrefixSharing?.SharedTokens(input) ?? 0,
            ThinkSeconds = RoundToMicrosecond(think),
        };
        ScheduledRequest request = dataset is not null ? dataset.Apply(drawn)
            : workload.Sessions?.Turns is { } turns ? AsTurn(drawn, turns)
            : trace?.Apply(drawn) ?? drawn;
        SessionGoesOn = dataset?.SessionGoesOn ?? (request.Turn is { } turn && turn + 1 < workload.Sessions!.Turns);
        before = request;
        return traits is null ? request : WithTraits(request, traits, isFirst);
    }

    /// <summary>The schedule of the requests that were drawn, which also tells how they were drawn.</summary>
    internal RequestSchedule ToSchedule(RequestColumns requests) =>
        new(requests, workload.Concurrency(), workload.WarmUpSeconds, workload.DurationSeconds)
        {
            Notes = [.. trace?.Notes() ?? [], .. dataset?.Notes() ?? [], .. SessionNotes(requests)],
            Classes = workload.Classes,
            HasNaturalOutputs = workload.Lengths.HasNaturalOutputs,
            HasEstimatedInputs = dataset is not null,
            HasChats = dataset?.HasChats ?? false,
            VaryingSessions = dataset?.Sessions,
            Priorities = workload.Priorities?.Names ?? [],
            Adapters = workload.Adapters?.Adapters() ?? [],
        };

    public void Dispose() => lengths.Dispose();

    /// <summary>Tells the reader that in an open loop it is sessions that arrive, at a lower rate than that of requests.</summary>
    private IEnumerable<string> SessionNotes(RequestColumns requests)
    {
        if (workload.Arrival is not ClosedLoopArrival && requests.Count > 0 && requests[0].Turn is not null)
        {
            yield return FormattableString.Invariant(
                $"the requests are the turns of {session + 1} sessions, {(double)requests.Count / (session + 1):0.##} each on average: ")
                + "a session arrives with its first turn, and each other turn follows the one before it";
        }
    }

    /// <summary>Gives a request its priority and adapter: those of its session, unless it is the first of it or stands alone.</summary>
    private static ScheduledRequest WithTraits(in ScheduledRequest request, TraitDraw traits, bool isFirst)
    {
        if (isFirst)
        {
            traits.Next(request.Class);
        }

        return request with { Priority = traits.Priority, Adapter = traits.Adapter };
    }

    /// <summary>
    /// Makes a request a turn of its session. Its prompt is everything before it in the session, followed by its own input.
    /// </summary>
    private ScheduledRequest AsTurn(in ScheduledRequest drawn, int turns)
    {
        int turn = (int)(drawn.Id % turns);
        ScheduledRequest? earlier = turn == 0 ? null : before;
        long input = drawn.InputTokens + (long)(earlier?.InputTokens ?? 0) + (earlier?.OutputTokens ?? 0);
        if (input + drawn.OutputTokens > int.MaxValue)
        {
            throw new InvalidInputException(
                new Problem("$.sessions.turns", $"a prompt of {input} tokens at turn {turn}", "fewer turns or shorter lengths"));
        }

        return drawn with
        {
            InputTokens = (int)input,
            Class = workload.Classes.Classify((int)input, drawn.OutputTokens),
            PrefixGroup = (int)(drawn.Id / turns),
            SharedPrefixTokens = earlier?.InputTokens ?? 0,
            Turn = turn,
        };
    }

    // A microsecond is coarser than any difference between machines, and finer than any server could tell.
    private static double RoundToMicrosecond(double seconds) => Math.Round(seconds, 6);
}
