using System.Collections;

namespace GreenServe.Simulation.Scheduling;

/// <summary>Running sequences in the order of admission: appended, dropped anywhere and taken from the end in constant time.</summary>
internal sealed class RunningList<TSequence> : IEnumerable<TSequence>
    where TSequence : Sequence
{
    private Sequence? first;

    internal TSequence? First => (TSequence?)first;

    internal TSequence? Last { get; private set; }

    internal int Count { get; private set; }

    internal void Append(TSequence sequence)
    {
        sequence.Earlier = Last;
        sequence.Later = null;
        if (Last is null)
        {
            first = sequence;
        }
        else
        {
            Last.Later = sequence;
        }

        Last = sequence;
        Count++;
    }

    internal void Remove(TSequence sequence)
    {
        if (sequence.Earlier is { } earlier)
        {
            earlier.Later = sequence.Later;
        }
        else
        {
            first = sequence.Later;
        }

        if (sequence.Later is { } later)
        {
            later.Earlier = sequence.Earlier;
        }
        else
        {
            Last = (TSequence?)sequence.Earlier;
        }

        sequence.Earlier = null;
        sequence.Later = null;
        Count--;
    }

    public IEnumerator<TSequence> GetEnumerator()
    {
        for (Sequence? sequence = first; sequence is not null; sequence = sequence.Later)
        {
            yield return (TSequence)sequence;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
