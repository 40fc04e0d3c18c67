using System.Diagnostics.CodeAnalysis;

namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Sequences that wait. Preempted ones come first, the latest of them foremost. The others follow in the order of their ranks, and those of
/// one rank in the order of arrival.
/// </summary>
/// <remarks>Sequences of rank 0 lie in a queue. Where no sequence has another rank, the line is that queue.</remarks>
internal sealed class WaitingLine<TSequence>
    where TSequence : Sequence
{
    private readonly Queue<TSequence> line = new();
    private readonly Stack<TSequence> preempted = new();
    private PriorityQueue<TSequence, (long Rank, long Arrival)>? ranked;
    private long arrivals;
    private int ended;

    /// <summary>Number of sequences that wait.</summary>
    internal int Count => line.Count + preempted.Count + (ranked?.Count ?? 0) - ended;

    /// <summary>The sequences that wait, in the order of their turn.</summary>
    internal IEnumerable<TSequence> Sequences
    {
        get
        {
            IEnumerable<TSequence> unranked = line;
            if (ranked is { Count: > 0 })
            {
                (TSequence Sequence, (long Rank, long Arrival) Turn)[] inTurn = [.. ranked.UnorderedItems.OrderBy(item => item.Priority)];
                unranked = inTurn.Where(item => item.Turn.Rank < 0).Select(item => item.Sequence)
                    .Concat(line)
                    .Concat(inTurn.Where(item => item.Turn.Rank > 0).Select(item => item.Sequence));
            }

            return preempted.Concat(unranked).Where(sequence => sequence.Phase == SequencePhase.Waiting);
        }
    }

    /// <summary>Adds a sequence behind those of its rank.</summary>
    internal void Add(TSequence sequence)
    {
        if (sequence.Rank == 0)
        {
            line.Enqueue(sequence);
        }
        else
        {
            ranked ??= new PriorityQueue<TSequence, (long Rank, long Arrival)>();
            ranked.Enqueue(sequence, (sequence.Rank, arrivals++));
        }
    }

    /// <summary>Adds a preempted sequence in front of all others.</summary>
    internal void PutFirst(TSequence sequence) => preempted.Push(sequence);

    /// <summary>Counts a waiting sequence that was taken out. It is dropped when its turn comes.</summary>
    internal void NoteEnded() => ended++;

    /// <summary>Finds the sequence whose turn is next, without taking it out.</summary>
    internal bool TryPeek([NotNullWhen(true)] out TSequence? sequence)
    {
        while (preempted.TryPeek(out sequence) || (IsRankedNext() ? ranked.TryPeek(out sequence, out _) : line.TryPeek(out sequence)))
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
        if (preempted.TryPop(out _))
        {
            return;
        }

        if (IsRankedNext())
        {
            ranked.Dequeue();
        }
        else
        {
            line.Dequeue();
        }
    }

    /// <summary>Whether a sequence of this rank would be foremost if it were added now.</summary>
    internal bool WouldLead(long rank) => !TryPeek(out TSequence? first) || (first.Rank > rank && preempted.Count == 0);

    /// <summary>Whether a sequence of another rank than 0 comes before those of rank 0.</summary>
    [MemberNotNullWhen(true, nameof(ranked))]
    private bool IsRankedNext() =>
        ranked is not null && ranked.TryPeek(out _, out (long Rank, long Arrival) turn) && (turn.Rank < 0 || line.Count == 0);
}
