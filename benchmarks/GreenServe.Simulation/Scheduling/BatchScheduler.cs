using GreenServe.Records;

namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Continuous batching: first come first served within each rank, a paged key-value cache, and preemption of the latest sequence, which is
/// computed again. <see cref="SchedulerPolicy"/> says how prompts are put into steps. Time is unknown, so that real engines share it.
/// </summary>
/// <remarks>
/// A caller <see cref="Add">adds</see> sequences, asks for a <see cref="Plan"/>, carries it out, and <see cref="Complete">completes</see>
/// it. Between steps, <see cref="End"/> takes a sequence out early, at the end of its text or when its client has gone. Planning a step
/// that only decodes takes constant time, whatever the batch. The type is not thread-safe.
/// </remarks>
/// <typeparam name="TSequence">The caller's sequences.</typeparam>
public sealed class BatchScheduler<TSequence>
    where TSequence : Sequence
{
    private readonly WaitingLine<TSequence> waiting = new();
    private readonly List<TSequence> prefilling = [];
    private readonly List<TSequence> ended = [];
    private readonly DecodingSequences<TSequence> decoding = new();
    private readonly CacheBlocks blocks;
    private readonly BatchWait batchWait;
    private readonly StepPlan<TSequence> plan;
    private bool planned;
    private bool decodes;
    private long nextOrder;

    /// <summary>Makes an empty scheduler.</summary>
    /// <exception cref="InvalidInputException">The limits contradict each other.</exception>
    public BatchScheduler(BatchLimits limits)
    {
        limits.RequireConsistent();
        Limits = limits;
        blocks = new CacheBlocks(limits);
        batchWait = new BatchWait(limits.Policy);
        plan = new StepPlan<TSequence>(this);
    }

    /// <summary>The limits of a batch.</summary>
    public BatchLimits Limits { get; private set; }

    /// <summary>Number of sequences that run: those that prefill and those that decode.</summary>
    public int RunningCount => Running.Count;

    /// <summary>Number of sequences that wait, including preempted ones.</summary>
    public int WaitingCount => waiting.Count;

    /// <summary>Number of blocks of the cache in use, including kept prefixes.</summary>
    public int UsedBlocks => blocks.Used;

    /// <summary>Number of completed steps.</summary>
    public long StepsCompleted { get; private set; }

    /// <summary>Number of preemptions so far.</summary>
    public long Preemptions { get; private set; }

    /// <summary>Whether a sequence of rank <paramref name="rank"/> added now could join the next step.</summary>
    public bool CouldAdmit(long rank) =>
        (batchWait.IsWaiting || waiting.WouldLead(rank)) && Running.Count < Limits.MaxSequences && blocks.HasRoom;

    /// <summary>The running sequences in the order of admission, followed by the waiting ones in the order of their turn.</summary>
    public IEnumerable<TSequence> Unfinished => Running.Concat(waiting.Sequences);

    /// <summary>Running sequences in the order of admission.</summary>
    internal RunningList<TSequence> Running { get; } = new();

    /// <summary>Changes the limits from the next plan on. The cache must stay as it is, and running sequences stay.</summary>
    internal void Limit(BatchLimits limits) => Limits = limits;

    /// <summary>Adds a sequence to those that wait.</summary>
    /// <exception cref="InvalidInputException">Prompt and output together are longer than the cache.</exception>
    /// <exception cref="InvalidOperationException">The sequence was added before.</exception>
    public void Add(TSequence sequence)
    {
        Limits.RequireRoomFor(sequence);
        if (sequence.Phase != SequencePhase.New)
        {
            throw new InvalidOperationException($"A sequence can be added once; this one is {sequence.Phase}.");
        }

        sequence.Phase = SequencePhase.Waiting;
        waiting.Add(sequence);
    }

    /// <summary>Plans the next step and reserves its blocks. The plan must be completed before the next one is made.</summary>
    /// <returns>The plan, which is empty if nothing runs or waits. The next call reuses the object.</returns>
    public StepPlan<TSequence> Plan()
    {
        if (planned)
        {
            throw new InvalidOperationException("The last plan has not been completed.");
        }

        plan.Clear();
        decodes = Limits.Policy.MixesPrompts || !PlanPrompts(Limits.StepTokens);
        if (decodes)
        {
            ReserveDecodes();
            _ = Limits.Policy.MixesPrompts && PlanPrompts(Limits.StepTokens - decoding.Count);
            plan.DecodeSequences = decoding.Count;
            plan.ContextTokens = decoding.ContextTokens;
        }

        // After a preemption no sequence was admitted, but the next plan may admit one.
        bool changes = plan.Prefills.Count > 0 || plan.Preempted.Count > 0;
        plan.Repeatable = plan.IsEmpty ? 0 : changes ? 1 : RepeatableSteps();
        planned = !plan.IsEmpty;
        return plan;
    }

    /// <summary>Completes the planned step, or several successive steps of the same plan.</summary>
    /// <param name="times">Number of steps, from 1 to <see cref="StepPlan{TSequence}.Repeatable"/>.</param>
    /// <returns>The sequences that now have all their tokens, in the order of admission. The next call reuses the list.</returns>
    public IReadOnlyList<TSequence> Complete(int times = 1)
    {
        if (!planned)
        {
            throw new InvalidOperationException("There is no plan to complete.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(times, plan.Repeatable);
        planned = false;
        StepsCompleted += times;
        batchWait.Complete(times);
        if (decodes)
        {
            blocks.GrowDecode(decoding.Steps + 1, times - 1);
            decoding.Advance(times);
        }

        CompletePrefills();
        return TakeEnded();
    }

    /// <summary>Takes out a sequence that waits, or between steps one that runs: its text has ended, or its client has gone.</summary>
    /// <returns>Whether it was still waiting or running.</returns>
    public bool End(TSequence sequence)
    {
        switch (sequence.Phase)
        {
            case SequencePhase.Waiting:
                sequence.Leave(SequencePhase.Ended);
                waiting.NoteEnded();
                return true;
            case SequencePhase.Prefilling or SequencePhase.Decoding when planned:
                throw new InvalidOperationException("A running sequence can only be taken out between steps.");
            case SequencePhase.Prefilling or SequencePhase.Decoding:
                Stop(sequence, SequencePhase.Ended);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Plans the prompts of a step. Returns whether it has any.</summary>
    private bool PlanPrompts(int budget)
    {
        budget = ContinuePrefills(budget);
        batchWait.Decide(Limits, budget, decoding.Count, waiting, Limits.MaxSequences - Running.Count);
        if (plan.Preempted.Count == 0 && !batchWait.IsWaiting)
        {
            Admit(budget);
        }

        return plan.Prefills.Count > 0;
    }

    /// <summary>Reserves the next slot of every decoding sequence. The latest admitted are preempted until the others fit.</summary>
    private void ReserveDecodes()
    {
        while (!blocks.TryFreeForDecode(decoding.Steps))
        {
            Preempt(Running.Last!);
        }

        blocks.GrowDecode(decoding.Steps, 1);
    }

    /// <summary>
    /// Gives the admitted prompts their next chunks. The latest admitted sequence is always one of them, since an earlier prompt takes the
    /// whole budget until it is complete. Therefore no decoding sequence loses the slot that was just reserved for it.
    /// </summary>
    private int ContinuePrefills(int budget)
    {
        for (int index = 0; index < prefilling.Count && budget > 0; index++)
        {
            TSequence sequence = prefilling[index];
            int tokens = Math.Min(budget, sequence.PrefillTarget - sequence.PrefilledTokens);
            while (sequence.Phase == SequencePhase.Prefilling && !blocks.TryFreeFor(sequence, tokens))
            {
                Preempt(Running.Last!);
            }

            if (sequence.Phase != SequencePhase.Prefilling)
            {
                break;
            }

            budget -= Reserve(sequence, tokens);
        }

        return budget;
    }

    private void Admit(int budget)
    {
        int most = Limits.Policy.MaxPrompts ?? int.MaxValue;
        while (budget > 0 && plan.Prefills.Count < most && Running.Count < Limits.MaxSequences
            && waiting.TryPeek(out TSequence? sequence))
        {
            blocks.FindCached(sequence);
            int rest = sequence.PrefillTarget - sequence.PrefilledTokens;
            int tokens = Limits.Policy.ChunksPrompts ? Math.Min(budget, rest) : rest;
            bool fitsStep = tokens <= budget || plan.Prefills.Count == 0;
            if (!fitsStep || !blocks.TryFreeFor(sequence, tokens))
            {
                blocks.ForgetCached(sequence);
                return;
            }

            waiting.Dequeue();
            sequence.Phase = SequencePhase.Prefilling;
            sequence.Order = nextOrder++;
            Running.Append(sequence);
            prefilling.Add(sequence);
            budget -= Reserve(sequence, tokens);
        }
    }

    private int Reserve(TSequence sequence, int tokens)
    {
        blocks.Grow(sequence, tokens);
        plan.Add(new PrefillChunk<TSequence>(
            sequence, sequence.PrefilledTokens, tokens, sequence.PrefilledTokens + tokens == sequence.PrefillTarget));
        return tokens;
    }

    /// <summary>Steps until a sequence ends or blocks run out. The blocks of the first step are reserved already.</summary>
    private int RepeatableSteps() => 1 + blocks.DecodeStepsWithin(
        decoding.Steps + 1, Math.Min(decoding.StepsUntilEnd, batchWait.StepsLeft(WaitingCount)) - 1);

    private void CompletePrefills()
    {
        for (int index = 0; index < plan.Prefills.Count; index++)
        {
            PrefillChunk<TSequence> chunk = plan.Prefills[index];
            TSequence sequence = chunk.Sequence;
            sequence.PrefilledTokens += chunk.Tokens;
            if (!chunk.CompletesPrompt)
            {
                continue;
            }

            prefilling.Remove(sequence);
            decoding.Begin(sequence);
            blocks.BeginDecoding(sequence, decoding.Steps);
        }
    }

    private List<TSequence> TakeEnded()
    {
        ended.Clear();
        while (decoding.TryTakeEnded(out TSequence sequence))
        {
            Stop(sequence, SequencePhase.Ended);
            ended.Add(sequence);
        }

        ended.Sort(static (left, right) => left.Order.CompareTo(right.Order));
        return ended;
    }

    private void Preempt(TSequence sequence)
    {
        Stop(sequence, SequencePhase.Waiting);
        sequence.Preemptions++;
        Preemptions++;
        waiting.PutFirst(sequence);
        plan.AddPreempted(sequence);
    }

    /// <summary>Releases the blocks of a running sequence and takes it out of those that run.</summary>
    private void Stop(TSequence sequence, SequencePhase next)
    {
        blocks.Release(sequence, decoding.Steps);
        if (sequence.Phase == SequencePhase.Decoding)
        {
            decoding.Remove(sequence);
        }
        else
        {
            prefilling.Remove(sequence);
        }

        sequence.Leave(next);
        Running.Remove(sequence);
    }
}
