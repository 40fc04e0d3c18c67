namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// The step in which each decoding sequence gets its last token. Entries of sequences that were preempted or taken out stay until their
/// turn comes, so that taking a sequence out takes no time.
/// </summary>
internal sealed class DecodeEnds<TSequence>
    where TSequence : Sequence
{
    private readonly PriorityQueue<TSequence, long> lastSteps = new();

    /// <summary>Adds a sequence that begins to decode.</summary>
    internal void Add(TSequence sequence) => lastSteps.Enqueue(sequence, sequence.LastStep);

    /// <summary>Number of the next step in which a sequence gets its last token; <c>null</c> if none decodes.</summary>
    internal long? NextStep()
    {
        while (lastSteps.TryPeek(out TSequence? sequence, out long lastStep))
        {
            if (Holds(sequence, lastStep))
            {
                return lastStep;
            }

            lastSteps.Dequeue();
        }

        return null;
    }

    /// <summary>Takes out a sequence that has got its last token, if there is one.</summary>
    internal bool TryTake(long stepsDone, out TSequence sequence)
    {
        bool found = NextStep() <= stepsDone;
        sequence = found ? lastSteps.Dequeue() : null!;
        return found;
    }

    private static bool Holds(TSequence sequence, long lastStep) =>
        sequence.Phase == SequencePhase.Decoding && sequence.LastStep == lastStep;
}
