using GreenServe.Records;

namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Continuous batching with the policy of vLLM's V1 scheduler: chunked prefill, first come first served, a paged key-value cache, and
/// preemption of the latest sequence, which is computed again. It does not know time, so that simulated and real engines share it.
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
    private readonly DecodeEnds<TSequence> ends = new();
    private readonly StepCounter steps = new();
    private readonly CacheBlocks blocks;
    private readonly StepPlan<TSequence> plan;
    private bool planned;
    private int decoding;
    private long contextTokens;
    private long nextOrder;

    /// <summary>Makes an empty scheduler.</summary>
    /// <exception cref="InvalidInputException">The limits contradict each other.</exception>
    public BatchScheduler(BatchLimits limits)
    {
        Problem[] problems = [.. limits.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        Limits = limits;
        blocks = new CacheBlocks(limits);
        plan = new StepPlan<TSequence>(this);
    }

    /// <summary>The limits of a batch.</summary>
    public BatchLimits Limits { get; }

    /// <summary>Number of sequences that run: those that prefill and those that decode.</summary>
    public int RunningCount => Running.Count;

    /// <summary>Number of sequences that wait, including preempted ones.</summary>
    public int WaitingCount => waiting.Count;

    /// <summary>Number of blocks of the cache in use, including kept prefixes.</summary>
    public int UsedBlocks => blocks.Used;

    /// <summary>Number of completed steps.</summary>
    public long StepsCompleted => steps.Value;

    /// <summary>Number of preemptions so far.</summary>
    public long Preemptions { get; private set; }

    /// <summary>Whether a sequence added now could join the next step; <c>false</c> while the batch is full or sequences wait.</summary>
    public bool CouldAdmit => WaitingCount == 0 && Running.Count < Limits.MaxSequences && blocks.HasRoom;

    /// <summary>The running sequences in the order of admission, followed by the waiting ones in the order of their turn.</summary>
    public IEnumerable<TSequence> Unfinished => Running.Concat(waiting.Sequences);

    /// <summary>Running sequences in the order of admission.</summary>
    internal RunningList<TSequence> Running { get; } = new();

    /// <summary>Adds a sequence to those that wait.</summary>
    /// <exception cref="InvalidInputException">Prompt and output together are longer than the cache.</exception>
    /// <exception cref="InvalidOperationException">The sequence was added before.</exception>
    public void Add(TSequence sequence)
    {
        if ((long)sequence.PromptTokens + sequence.OutputLimit - 1 > Limits.CapacityTokens)
        {
            throw new InvalidInputException(new Problem(
                "request",
                $"{sequence.PromptTokens} + {sequence.OutputLimit} tokens",
                $"at most the {Limits.CapacityTokens} tokens that the key-value cache holds"));
        }

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
        ReserveDecodes();
        int budget = Limits.StepTokens - decoding;
        budget = ContinuePrefills(budget);
        if (plan.Preempted.Count == 0)
        {
            Admit(budget);
        }

        plan.DecodeSequences = decoding;
        plan.ContextTokens = contextTokens;

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
        ended.Clear();
        blocks.GrowDecode(steps.Value + 1, times - 1);
        contextTokens += (long)decoding * times;
        steps.Value += times;
        CompletePrefills();
        while (ends.TryTake(steps.Value, out TSequence sequence))
        {
            Stop(sequence, SequencePhase.Ended);
            ended.Add(sequence);
        }

        if (ended.Count > 1)
        {
            ended.Sort(static (left, right) => left.Order.CompareTo(right.Order));
        }

        return ended;
    }

    /// <summary>Takes a sequence out between steps, because it reached the end of its text or its client has gone.</summary>
    /// <returns>Whether it was still waiting or running.</returns>
    public bool End(TSequence sequence)
    {
        if (planned)
        {
            throw new InvalidOperationException("A sequence can only be taken out between steps.");
        }

        switch (sequence.Phase)
        {
            case SequencePhase.Waiting:
                sequence.Leave(SequencePhase.Ended);
                waiting.NoteEnded();
                return true;
            case SequencePhase.Prefilling or SequencePhase.Decoding:
                Stop(sequence, SequencePhase.Ended);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reserves the next slot of every decoding sequence. The latest admitted are preempted until the others fit.</summary>
    private void ReserveDecodes()
    {
        while (!blocks.TryFreeForDecode(steps.Value))
        {
            Preempt(Running.Last!);
        }

        blocks.GrowDecode(steps.Value, 1);
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
        while (budget > 0 && Running.Count < Limits.MaxSequences && waiting.TryPeek(out TSequence? sequence))
        {
            blocks.FindCached(sequence);
            int tokens = Math.Min(budget, sequence.PrefillTarget - sequence.PrefilledTokens);
            if (!blocks.TryFreeFor(sequence, tokens))
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

    private int RepeatableSteps()
    {
        long untilEnd = ends.NextStep() - steps.Value ?? long.MaxValue;
        int most = (int)Math.Min(untilEnd, int.MaxValue);

        // The blocks of the first step are reserved already.
        return 1 + blocks.DecodeStepsWithin(steps.Value + 1, most - 1);
    }

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
            sequence.BeginDecoding(steps);
            decoding++;
            contextTokens += sequence.CachedTokens + 1;
            blocks.BeginDecoding(sequence, steps.Value);
            ends.Add(sequence);
        }
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
        blocks.Release(sequence, steps.Value);
        if (sequence.Phase == SequencePhase.Decoding)
        {
            decoding--;
            contextTokens -= sequence.CachedTokens + 1;
        }
        else
        {
            prefilling.Remove(sequence);
        }

        sequence.Leave(next);
        Running.Remove(sequence);
    }
}
