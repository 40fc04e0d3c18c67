namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// The sequences that decode: their number, their contexts, and the steps at which they get their last tokens. Every step of theirs gives
/// each of them one token.
/// </summary>
internal sealed class DecodingSequences<TSequence>
    where TSequence : Sequence
{
    private readonly PriorityQueue<TSequence, long> lastSteps = new();
    private readonly StepCounter steps = new();

    /// <summary>Number of sequences that decode.</summary>
    internal int Count { get; private set; }

    /// <summary>Tokens that they attend to in the next step, including the new ones, summed over them.</summary>
    internal long ContextTokens { get; private set; }

    /// <summary>Number of steps that gave tokens so far.</summary>
    internal long Steps => steps.Value;

    /// <summary>Number of steps until the first of them ends; <see cref="int.MaxValue"/> where none decodes.</summary>
    internal int StepsUntilEnd => (int)Math.Min(NextEnd() - steps.Value ?? int.MaxValue, int.MaxValue);

    /// <summary>Lets a sequence begin, with its first token.</summary>
    internal void Begin(TSequence sequence)
    {
        sequence.BeginDecoding(steps);
        Count++;
        ContextTokens += sequence.CachedTokens + 1;
        lastSteps.Enqueue(sequence, sequence.LastStep);
    }

    /// <summary>Takes out a sequence that still decodes.</summary>
    internal void Remove(TSequence sequence)
    {
        Count--;
        ContextTokens -= sequence.CachedTokens + 1;
    }

    /// <summary>Gives every sequence a token in each of some steps.</summary>
    internal void Advance(int count)
    {
        ContextTokens += (long)Count * count;
        steps.Value += count;
    }

    /// <summary>Finds a sequence that has all its tokens, which the caller must take out.</summary>
    internal bool TryTakeEnded(out TSequence sequence)
    {
        bool found = NextEnd() <= steps.Value;
        sequence = found ? lastSteps.Dequeue() : null!;
        return found;
    }

    /// <summary>The next step at which a sequence ends; <c>null</c> where none decodes.</summary>
    private long? NextEnd()
    {
        while (lastSteps.TryPeek(out TSequence? sequence, out long lastStep))
        {
            if (sequence.Phase == SequencePhase.Decoding && sequence.LastStep == lastStep)
            {
                return lastStep;
            }

            // The sequence left early, or was preempted and has begun again.
            lastSteps.Dequeue();
        }

        return null;
    }
}
