using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>What each request of an instance gets and costs: its tokens' times, its token gaps, its energy; and its outcome at the end.</summary>
internal sealed class RequestAccounts(int replica, GapCounts gapCounts, ISimulationSink sink, ReplicaTotals totals)
{
    private readonly GapLog gapLog = new();
    private readonly LongestGaps longest = new();
    private readonly EnergyLedger ledger = new();
    private readonly int[] decodingByClass = new int[RequestClass.All.Count];

    /// <summary>Enters steps in which every decoding request got a token each.</summary>
    /// <param name="stretch">The steps.</param>
    /// <param name="cost">Cost of the first of them.</param>
    /// <param name="oldest">The running request that was admitted first.</param>
    internal void AddDecoding(in StepStretch stretch, in StepCost cost, SimulatedRequest? oldest)
    {
        gapLog.Append(
            stretch.FirstSeconds, stretch.SecondsIncrement, stretch.Count, oldest is { IsDecoding: true } ? oldest.FirstStretch : gapLog.Next);
        gapCounts.Add(stretch.FirstSeconds, stretch.SecondsIncrement, stretch.Count, decodingByClass);
        double contextJoules = stretch.FirstContextTokens * cost.JoulesPerContextToken;
        ledger.Add(
            stretch.Count, (cost.Joules - cost.PrefillJoules - contextJoules) / stretch.DecodeSequences, cost.JoulesPerContextToken);
    }

    /// <summary>Enters a processed chunk of a prompt.</summary>
    internal void CompleteChunk(in PrefillChunk<SimulatedRequest> chunk, double joulesPerToken, double now)
    {
        SimulatedRequest request = chunk.Sequence;
        request.PrefillJoules += joulesPerToken * chunk.Tokens;
        if (!chunk.CompletesPrompt)
        {
            return;
        }

        if (request.FirstTokenSeconds is null)
        {
            request.FirstTokenSeconds = now;
        }
        else
        {
            GapLog.Entry gap = new(now - request.LastTokenSeconds, 0, 1);
            (request.EarlierGaps ??= []).Add(gap);
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

    /// <summary>Tells of a request that has all its tokens; one that another instance takes over is not told of yet.</summary>
    internal void Complete(SimulatedRequest request, double now)
    {
        if (request.IsHandedOver)
        {
            request.LastTokenSeconds = now;
            return;
        }

        if (request.IsDecoding)
        {
            Settle(request);
            CountDecoding(request, -1);
        }

        (double? p99, double? max) = TokenGapsOf(request);
        Tell(request, now, request.OutputLimit, p99, max);
        totals.Completed++;
    }

    /// <summary>Closes a spell of decoding: the request has been preempted, or the run is over.</summary>
    internal void Pause(SimulatedRequest request, double now)
    {
        if (!request.IsDecoding)
        {
            return;
        }

        Settle(request);
        CountDecoding(request, -1);
        request.IsDecoding = false;
        request.LastTokenSeconds = now;
        request.EarlierGaps ??= [];
        for (long stretch = request.FirstStretch; stretch < gapLog.Next; stretch++)
        {
            request.EarlierGaps.Add(gapLog[stretch]);
        }
    }

    /// <summary>Tells of a request that the run does not wait for.</summary>
    internal void Cancel(SimulatedRequest request, double now)
    {
        int tokens = request.GeneratedTokens;
        Pause(request, now);
        foreach (GapLog.Entry gap in request.EarlierGaps ?? [])
        {
            gapCounts.Add(request.GapClass, gap, -1);
        }

        Tell(request, null, tokens, null, null);
        totals.Cancelled++;
    }

    /// <summary>Settles every running request before the sums grow so large that rounding shows.</summary>
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

    private void Open(SimulatedRequest request)
    {
        request.Mark = ledger.Now;
        request.ContextAtMark = request.CachedTokens + 1;
    }

    private void Settle(SimulatedRequest request) => request.DecodeJoules += ledger.Since(request.Mark, request.ContextAtMark);

    private void CountDecoding(SimulatedRequest request, int change)
    {
        if (request.GapClass != GapCounts.Uncounted)
        {
            decodingByClass[request.GapClass] += change;
        }
    }

    private void Tell(SimulatedRequest request, double? completedSeconds, int tokens, double? p99, double? max) => sink.Add(new RequestOutcome(
        request.Request, replica, request.IssuedSeconds, request.FirstTokenSeconds, completedSeconds, tokens, p99, max,
        request.PrefillJoules + request.DecodeJoules, request.PrefillJoules));
}
