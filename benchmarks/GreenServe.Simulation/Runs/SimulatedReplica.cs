using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// One serving instance in virtual time. It always is in the middle of a stretch of like steps that ends at <see cref="EndsAt"/>, or idle.
/// Cost in real time: constant for each stretch; a stretch lasts until a request arrives, starts or ends.
/// </summary>
internal sealed class SimulatedReplica
{
    private readonly int number;
    private readonly StepModel model;
    private readonly GapCounts gapCounts;
    private readonly ISimulationSink sink;
    private readonly BatchScheduler<SimulatedRequest> scheduler;
    private readonly GapLog gapLog = new();
    private readonly LongestGaps longest = new();
    private readonly EnergyLedger ledger = new();
    private readonly int[] decodingByClass = new int[RequestClass.All.Count];
    private StepPlan<SimulatedRequest>? plan;
    private StepCost cost;
    private int count;

    internal SimulatedReplica(int number, StepModel model, BatchLimits limits, GapCounts gapCounts, ISimulationSink sink)
    {
        this.number = number;
        this.model = model;
        this.gapCounts = gapCounts;
        this.sink = sink;
        scheduler = new BatchScheduler<SimulatedRequest>(limits);
    }

    /// <summary>End of the last completed step, or since when it has been idle (s).</summary>
    internal double Now { get; private set; }

    /// <summary>When the present stretch ends (s); infinite while idle.</summary>
    internal double EndsAt { get; private set; } = double.PositiveInfinity;

    internal ReplicaTotals Totals { get; } = new();

    internal int WaitingCount => scheduler.WaitingCount;

    internal long Preemptions => scheduler.Preemptions;

    /// <summary>Takes a request that arrived at a time not after <see cref="EndsAt"/>.</summary>
    internal void Enqueue(SimulatedRequest request, double seconds)
    {
        bool couldJoin = count > 1 && scheduler.CouldAdmit;
        scheduler.Add(request);
        if (double.IsPositiveInfinity(EndsAt))
        {
            StayIdleUntil(seconds);

            // The first step starts when everything that arrives at this very moment is here.
            EndsAt = seconds;
        }
        else if (couldJoin)
        {
            EndAfter(seconds);
        }
    }

    /// <summary>Ends the present stretch at the first end of a step that is not before a time (s).</summary>
    internal void EndAfter(double seconds)
    {
        if (count > 1)
        {
            count = StepStretch.CountReaching(cost.Seconds, SecondsIncrement, seconds - Now, count);
            EndsAt = Now + StepStretch.Sum(cost.Seconds, SecondsIncrement, count);
        }
    }

    /// <summary>Goes to the end of the present stretch and begins the next.</summary>
    /// <returns>The requests that got their last token; reused by the next call.</returns>
    internal IReadOnlyList<SimulatedRequest> Advance()
    {
        IReadOnlyList<SimulatedRequest> ended = plan is null ? [] : CompleteStretch(plan);
        Begin();
        return ended;
    }

    /// <summary>Ends the run of this replica: what is unfinished is told as cancelled, idle time is told up to the end.</summary>
    internal void Stop(double endSeconds)
    {
        foreach (SimulatedRequest request in scheduler.Unfinished)
        {
            Cancel(request);
        }

        StayIdleUntil(endSeconds);
    }

    private double SecondsIncrement => plan!.DecodeSequences * cost.SecondsPerContextToken;

    private double JoulesIncrement => plan!.DecodeSequences * cost.JoulesPerContextToken;

    private void Begin()
    {
        plan = scheduler.Plan();
        foreach (SimulatedRequest request in plan.Preempted)
        {
            Pause(request);
        }

        if (plan.IsEmpty)
        {
            plan = null;
            count = 0;
            EndsAt = double.PositiveInfinity;
            return;
        }

        cost = model.Cost(ShapeOf(plan));
        count = cost.IsThrottled ? 1 : StepsBelowCap(plan.Repeatable);
        EndsAt = Now + StepStretch.Sum(cost.Seconds, SecondsIncrement, count);
    }

    private static StepShape ShapeOf(StepPlan<SimulatedRequest> plan)
    {
        double pairs = 0;
        int completed = 0;
        for (int index = 0; index < plan.Prefills.Count; index++)
        {
            PrefillChunk<SimulatedRequest> chunk = plan.Prefills[index];
            pairs += PrefillAttention.Pairs(chunk.Tokens, chunk.Offset);
            completed += chunk.CompletesPrompt ? 1 : 0;
        }

        return new StepShape(plan.PrefillTokens, pairs, plan.Prefills.Count, completed, plan.DecodeSequences, plan.ContextTokens);
    }

    /// <summary>How many of the next like steps stay below the power cap: energy and time both grow by a constant.</summary>
    private int StepsBelowCap(int most)
    {
        double growth = JoulesIncrement - (model.CapWatts * SecondsIncrement);
        if (most == 1 || growth <= 0)
        {
            return most;
        }

        double room = (model.CapWatts * cost.Seconds) - cost.Joules;
        return (int)Math.Min(most, 1 + Math.Floor(room / growth));
    }

    private IReadOnlyList<SimulatedRequest> CompleteStretch(StepPlan<SimulatedRequest> done)
    {
        StepStretch stretch = new(
            number, Now, count, cost.Seconds, SecondsIncrement, done.PrefillTokens, done.DecodeSequences, done.ContextTokens,
            cost.Joules, JoulesIncrement, cost.PrefillJoules, model.Megahertz(cost.ClockRatio), scheduler.WaitingCount);
        Tell(stretch, cost);
        if (done.DecodeSequences > 0)
        {
            SimulatedRequest? oldest = scheduler.Running.First;
            gapLog.Append(cost.Seconds, SecondsIncrement, count, oldest is { IsDecoding: true } ? oldest.FirstStretch : gapLog.Next);
            gapCounts.Add(cost.Seconds, SecondsIncrement, count, decodingByClass);
            double contextJoules = done.ContextTokens * cost.JoulesPerContextToken;
            ledger.Add(count, (cost.Joules - cost.PrefillJoules - contextJoules) / done.DecodeSequences, cost.JoulesPerContextToken);
        }

        Now = EndsAt;
        IReadOnlyList<SimulatedRequest> ended = scheduler.Complete(count);
        for (int index = 0; index < done.Prefills.Count; index++)
        {
            CompleteChunk(done.Prefills[index], done.PrefillTokens);
        }

        for (int index = 0; index < ended.Count; index++)
        {
            Complete(ended[index]);
        }

        SettleAllWhenDue();
        return ended;
    }

    private void CompleteChunk(in PrefillChunk<SimulatedRequest> chunk, int stepTokens)
    {
        SimulatedRequest request = chunk.Sequence;
        request.PrefillJoules += cost.PrefillJoules * chunk.Tokens / stepTokens;
        if (!chunk.CompletesPrompt)
        {
            return;
        }

        if (request.FirstTokenSeconds is null)
        {
            request.FirstTokenSeconds = Now;
        }
        else
        {
            GapLog.Entry gap = new(Now - request.LastTokenSeconds, 0, 1);
            request.EarlierGaps!.Add(gap);
            gapCounts.Add(request.GapClass, gap, +1);
        }

        if (request.Phase == SequencePhase.Decoding)
        {
            request.IsDecoding = true;
            request.FirstStretch = gapLog.Next;
            Open(request);
            CountDecoding(request, +1);
        }
    }

    private void Complete(SimulatedRequest request)
    {
        if (request.IsDecoding)
        {
            Settle(request);
            CountDecoding(request, -1);
        }

        (double? p99, double? max) = TokenGapsOf(request);
        Tell(request, Now, p99, max);
    }

    /// <summary>The 99th percentile (nearest rank) and the longest of a request's token gaps; nothing below two tokens.</summary>
    private (double? P99, double? Max) TokenGapsOf(SimulatedRequest request)
    {
        int gaps = request.OutputLimit - 1;
        if (gaps == 0)
        {
            return (null, null);
        }

        int rank = ((gaps * 99) + 99) / 100;
        longest.Reset(gaps - rank + 1);
        foreach (GapLog.Entry earlier in request.EarlierGaps ?? [])
        {
            earlier.Offer(longest);
        }

        if (request.IsDecoding)
        {
            gapLog.Collect(request.FirstStretch, gapLog.Next, longest);
        }

        return (longest.Shortest, longest.Longest);
    }

    private void Pause(SimulatedRequest request)
    {
        if (!request.IsDecoding)
        {
            return;
        }

        Settle(request);
        CountDecoding(request, -1);
        request.IsDecoding = false;
        request.LastTokenSeconds = Now;
        request.EarlierGaps ??= [];
        for (long stretch = request.FirstStretch; stretch < gapLog.Next; stretch++)
        {
            request.EarlierGaps.Add(gapLog[stretch]);
        }
    }

    private void Cancel(SimulatedRequest request)
    {
        int tokens = request.GeneratedTokens;
        Pause(request);
        foreach (GapLog.Entry gap in request.EarlierGaps ?? [])
        {
            gapCounts.Add(request.GapClass, gap, -1);
        }

        sink.Add(new RequestOutcome(
            request.Request, number, request.IssuedSeconds, request.FirstTokenSeconds, null, tokens, null, null,
            request.PrefillJoules + request.DecodeJoules, request.PrefillJoules));
        Totals.Cancelled++;
    }

    private void Open(SimulatedRequest request)
    {
        request.Mark = ledger.Now;
        request.ContextAtMark = request.CachedTokens + 1;
    }

    private void Settle(SimulatedRequest request) => request.DecodeJoules += ledger.Since(request.Mark, request.ContextAtMark);

    private void SettleAllWhenDue()
    {
        if (!ledger.IsFull)
        {
            return;
        }

        foreach (SimulatedRequest request in scheduler.Running)
        {
            if (request.IsDecoding)
            {
                Settle(request);
            }
        }

        ledger.Restart();
        foreach (SimulatedRequest request in scheduler.Running)
        {
            if (request.IsDecoding)
            {
                Open(request);
            }
        }
    }

    private void CountDecoding(SimulatedRequest request, int change)
    {
        if (request.GapClass != GapCounts.Uncounted)
        {
            decodingByClass[request.GapClass] += change;
        }
    }

    private void Tell(SimulatedRequest request, double completedSeconds, double? p99, double? max)
    {
        sink.Add(new RequestOutcome(
            request.Request, number, request.IssuedSeconds, request.FirstTokenSeconds, completedSeconds, request.OutputLimit, p99, max,
            request.PrefillJoules + request.DecodeJoules, request.PrefillJoules));
        Totals.Completed++;
    }

    private void Tell(in StepStretch stretch, in StepCost stepCost)
    {
        sink.Add(stretch);
        Totals.Add(stretch, stepCost);
    }

    private void StayIdleUntil(double seconds)
    {
        if (seconds > Now)
        {
            double duration = seconds - Now;
            Tell(
                new StepStretch(number, Now, 1, duration, 0, 0, 0, 0, model.LoadedIdleWatts * duration, 0, 0, model.ClockMegahertz, 0),
                default);
            Now = seconds;
        }
    }
}
