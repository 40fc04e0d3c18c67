using System.Diagnostics.CodeAnalysis;

namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Sequences that wait. Preempted ones come first, the latest of them foremost, and then the others in the order of arrival.
/// </summary>
internal sealed class WaitingLine<TSequence>
    where TSequence : Sequence
{
    private readonly Queue<TSequence> line = new();
    private readonly Stack<TSequence> preempted = new();
    private int ended;

    /// <summary>Number of sequences that wait.</summary>
    internal int Count => line.Count + preempted.Count - ended;

    /// <summary>The sequences that wait, in the order of their turn.</summary>
    internal IEnumerable<TSequence> Sequences => preempted.Concat(line).Where(sequence => sequence.Phase == SequencePhase.Waiting);

    /// <summary>Adds a sequence at the end.</summary>
    internal void Add(TSequence sequence) => line.Enqueue(sequence);

    /// <summary>Adds a preempted sequence in front of all others.</summary>
    internal void PutFirst(TSequence sequence) => preempted.Push(sequence);

    /// <summary>Counts a waiting sequence that was taken out. It is dropped when its turn comes.</summary>
    internal void NoteEnded() => ended++;

    /// <summary>Finds the sequence whose turn is next, without taking it out.</summary>
    internal bool TryPeek([NotNullWhen(true)] out TSequence? sequence)
    {
        while (preempted.TryPeek(out sequence) || line.TryPeek(out sequence))
        {
            if (sequence.Phase == SequencePhase.Waiting)
            {
                return true;
            }

            Dequeue();
            ended--;
        }

        return false;
    }

    /// <summary>Takes out the sequence whose turn is next. There must be one.</summary>
    internal void Dequeue()
    {
        if (!preempted.TryPop(out _))
        {
            line.Dequeue();
        }
    }
}
