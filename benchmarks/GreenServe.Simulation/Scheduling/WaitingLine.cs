using System.Diagnostics.CodeAnalysis;

namespace GreenServe.Simulation.Scheduling;

/// <summary>Sequences that wait: preempted ones first, the latest preempted of them foremost, then the others as they came.</summary>
internal sealed class WaitingLine<TSequence>
    where TSequence : Sequence
{
    private readonly Queue<TSequence> line = new();
    private readonly Stack<TSequence> preempted = new();
    private int ended;

    /// <summary>How many wait.</summary>
    internal int Count => line.Count + preempted.Count - ended;

    /// <summary>Those that wait, in the order of their turn.</summary>
    internal IEnumerable<TSequence> Sequences => preempted.Concat(line).Where(sequence => sequence.Phase == SequencePhase.Waiting);

    internal void Add(TSequence sequence) => line.Enqueue(sequence);

    internal void PutFirst(TSequence sequence) => preempted.Push(sequence);

    /// <summary>One of those that wait has ended; it is dropped when its turn comes.</summary>
    internal void NoteEnded() => ended++;

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

    internal void Dequeue()
    {
        if (!preempted.TryPop(out _))
        {
            line.Dequeue();
        }
    }
}
