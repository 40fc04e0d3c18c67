using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>Keeps the token times, token gaps and energy of each request of an instance, and reports its outcome when it ends.</summary>
/// <param name="replica">Number of the instance, from 0.</param>
/// <param name="gapCounts">Receives the token gaps of completed requests.</param>
/// <param name="sink">Receives the outcomes.</param>
/// <param name="totals">Receives the number of completed and cancelled requests.</param>
internal sealed class RequestAccounts(int replica, GapCounts gapCounts, ISimulationSink sink, ReplicaTotals totals)
{
    /// <summary>Percentile of the token gaps that each outcome reports: the one that the SLO profiles limit.</summary>
    private const int GapPercentile = 99;

    private readonly GapLog gapLog = new();
    private readonly LongestGaps longest = new();
    private readonly EnergyLedger ledger = new();
    private readonly int[] decodingByClass = new int[RequestClass.All.Count];
    private readonly List<SimulatedRequest> begunInStall = [];
    private double stallSeconds;

    /// <summary>The requests that got their first token in the last completed stretch.</summary>
    internal List<SimulatedRequest> FirstTokens { get; } = [];

    /// <summary>Enters completed steps, before their requests move on.</summary>
    /// <param name="stretch">The steps.</param>
    /// <param name="cost">Cost of the first step.</param>
    /// <param name="scheduler">The scheduler that planned them.</param>
    internal void AddSteps(in StepStretch stretch, in StepCost cost, BatchScheduler<SimulatedRequest> scheduler)
    {
        if (stretch.Work!.Value.DecodeSequences > 0)
        {
            AddDecoding(stretch, cost, scheduler.Running.First);
        }
        else if (!scheduler.Limits.Policy.MixesPrompts)
        {
            // Decoding requests wait for a step of prompts alone.
            stallSeconds += stretch.Seconds;
        }
    }

    /// <summary>Enters the processed chunks of prompts of a step.</summary>
    /// <param name="chunks">The chunks.</param>
    /// <param name="joulesPerToken">Energy of each prompt token of the step, in joules.</param>
    /// <param name="nowSeconds">End of the step, in seconds from the start of the run.</param>
    internal void CompletePrompts(
        IReadOnlyList<PrefillChunk<SimulatedRequest>> chunks, double joulesPerToken, double nowSeconds)
    {
        for (int index = 0; index < chunks.Count; index++)
        {
            CompleteChunk(chunks[index], joulesPerToken, nowSeconds);
        }
    }

    /// <summary>Reports requests that have all their tokens.</summary>
    internal void Complete(IReadOnlyList<SimulatedRequest> ended, double nowSeconds)
    {
        for (int index = 0; index < ended.Count; index++)
        {
            Complete(ended[index], nowSeconds);
        }
    }

    /// <summary>Enters steps in which every decoding request got one token each.</summary>
    /// <param name="stretch">The steps.</param>
    /// <param name="cost">Cost of the first step.</param>
    /// <param name="oldest">The running request that was admitted first; <c>null</c> if none runs.</param>
    private void AddDecoding(in StepStretch stretch, in StepCost cost, SimulatedRequest? oldest)
    {
        StretchWork work = stretch.Work!.Value;
        ArithmeticProgression seconds = stretch.StepSeconds;
        long oldestNeeded = oldest is { IsDecoding: true } ? oldest.FirstStretch : gapLog.Next;
        int stalled = stallSeconds > 0 ? EndStall(seconds.First, oldestNeeded) : 0;
        if (stretch.Count > stalled)
        {
            gapLog.Append(seconds.At(stalled), seconds.Increment, stretch.Count - stalled, oldestNeeded);
            gapCounts.Add(seconds.At(stalled), seconds.Increment, stretch.Count - stalled, decodingByClass);
        }

        double contextJoules = work.FirstContextTokens * cost.JoulesPerContextToken;
        double shareJoules = (cost.Joules - cost.PrefillJoules - contextJoules) / work.DecodeSequences;
        ledger.Add(stretch.Count, shareJoules, cost.JoulesPerContextToken);
    }

    private void CompleteChunk(in PrefillChunk<SimulatedRequest> chunk, double joulesPerToken, double nowSeconds)
    {
        SimulatedRequest request = chunk.Sequence;
        request.PrefillJoules += joulesPerToken * chunk.Tokens;
        if (!chunk.CompletesPrompt)
        {
            return;
        }

        if (request.FirstTokenSeconds is null)
        {
            request.FirstTokenSeconds = nowSeconds;
            FirstTokens.Add(request);
        }
        else
        {
            GapLog.Entry gap = new(nowSeconds - request.LastTokenSeconds, 0, 1);
            (request.EarlierGaps ??= []).Add(gap);
            gapCounts.Add(request.GapClass, gap, +1);
        }

        if (request.Phase == SequencePhase.Decoding)
        {
            request.IsDecoding = true;
            request.FirstStretch = gapLog.Next;
            BeginStalled(request);
            Open(request);
            CountDecoding(request, +1);
        }
    }

    /// <summary>Reports a request that has all its tokens. One that another instance takes over is reported by that instance.</summary>
    private void Complete(SimulatedRequest request, double nowSeconds)
    {
        if (request.IsHandedOver)
        {
            request.LastTokenSeconds = nowSeconds;
            return;
        }

        if (request.IsDecoding)
        {
            Settle(request);
            CountDecoding(request, -1);
        }

        (double? p99, double? max) = TokenGapsOf(request);
        Report(request, nowSeconds, request.OutputLimit, p99, max);
        totals.Completed++;
    }

    /// <summary>Ends the decoding of a request that was preempted, or that is unfinished when the run ends.</summary>
    internal void Pause(SimulatedRequest request, double nowSeconds)
    {
        if (!request.IsDecoding)
        {
            return;
        }

        Settle(request);
        CountDecoding(request, -1);
        request.IsDecoding = false;
        request.LastTokenSeconds = nowSeconds - (stallSeconds - request.StallAtBeginSeconds);
        request.StallAtBeginSeconds = 0;
        _ = begunInStall.Remove(request);
        request.EarlierGaps ??= [];
        for (long stretch = request.FirstStretch; stretch < gapLog.Next; stretch++)
        {
            request.EarlierGaps.Add(gapLog[stretch]);
        }
    }

    /// <summary>Reports a request that is unfinished when the run ends.</summary>
    internal void Cancel(SimulatedRequest request, double nowSeconds)
    {
        int tokens = request.GeneratedTokens;
        Pause(request, nowSeconds);
        foreach (GapLog.Entry gap in request.EarlierGaps ?? [])
        {
            gapCounts.Add(request.GapClass, gap, -1);
        }

        Report(request, completedSeconds: null, tokens, p99: null, max: null);
        totals.Cancelled++;
    }

    /// <summary>Settles every running request once the sums of the ledger have grown so large that rounding errors would show.</summary>
    internal void SettleWhenDue(RunningList<SimulatedRequest> running)
    {
        if (!ledger.IsFull)
        {
            return;
        }

        SimulatedRequest[] decoding = [.. running.Where(request => request.IsDecoding)];
        foreach (SimulatedRequest request in decoding)
        {
            Settle(request);
        }

        ledger.Restart();
        foreach (SimulatedRequest request in decoding)
        {
            Open(request);
        }
    }

    private void BeginStalled(SimulatedRequest request)
    {
        if (stallSeconds > 0)
        {
            request.StallAtBeginSeconds = stallSeconds;
            begunInStall.Add(request);
        }
    }

    /// <summary>
    /// Enters the first step after a stall, whose gap is longer by the stall. Requests that got their first token within the stall waited
    /// for the rest of it alone, and keep that gap for themselves.
    /// </summary>
    /// <returns>The number of steps that were entered: one.</returns>
    private int EndStall(double stepSeconds, long oldestNeeded)
    {
        GapLog.Entry whole = new(stepSeconds + stallSeconds, 0, 1);
        gapLog.Append(whole.FirstSeconds, 0, 1, oldestNeeded);
        gapCounts.Add(whole.FirstSeconds, 0, 1, decodingByClass);
        foreach (SimulatedRequest request in begunInStall)
        {
            GapLog.Entry own = new(stepSeconds + (stallSeconds - request.StallAtBeginSeconds), 0, 1);
            gapCounts.Add(request.GapClass, whole, -1);
            gapCounts.Add(request.GapClass, own, +1);
            (request.EarlierGaps ??= []).Add(own);
            request.FirstStretch = gapLog.Next;
            request.StallAtBeginSeconds = 0;
        }

        begunInStall.Clear();
        stallSeconds = 0;
        return 1;
    }

    /// <summary>The 99th percentile (nearest rank) and the maximum of a request's token gaps, in seconds, if it has any.</summary>
    private (double? P99, double? Max) TokenGapsOf(SimulatedRequest request)
    {
        int gaps = request.OutputLimit - 1;
        if (gaps == 0)
        {
            return (null, null);
        }

        int rank = ((gaps * GapPercentile) + 99) / 100;
        longest.Reset(gaps - rank + 1);
        foreach (GapLog.Entry earlier in request.EarlierGaps ?? [])
        {
            earlier.Offer(longest);
        }

        if (request.IsDecoding)
        {
            gapLog.Collect(request.FirstStretch, gapLog.Next, longest);
        }

        return (longest.ShortestSeconds, longest.LongestSeconds);
    }

    private void Open(SimulatedRequest request)
    {
        request.Mark = ledger.Now;
        request.ContextAtMark = request.CachedTokens + 1;
    }

    private void Settle(SimulatedRequest request) => request.DecodeJoules += ledger.JoulesSince(request.Mark, request.ContextAtMark);

    private void CountDecoding(SimulatedRequest request, int change)
    {
        if (request.GapClass is { } index)
        {
            decodingByClass[index] += change;
        }
    }

    private void Report(SimulatedRequest request, double? completedSeconds, int tokens, double? p99, double? max) =>
        sink.Add(new RequestOutcome(
            request.Request,
            replica,
            request.IssuedSeconds,
            request.FirstTokenSeconds,
            completedSeconds,
            tokens,
            p99,
            max,
            request.PrefillJoules + request.DecodeJoules,
            request.PrefillJoules));
}
