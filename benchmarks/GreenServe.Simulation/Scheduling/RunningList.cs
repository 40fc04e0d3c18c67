using System.Collections;

namespace GreenServe.Simulation.Scheduling;

/// <summary>Running sequences in the order of admission. Appending and removing take constant time.</summary>
internal sealed class RunningList<TSequence> : IEnumerable<TSequence>
    where TSequence : Sequence
{
    private Sequence? first;

    /// <summary>The sequence admitted first; <c>null</c> if none runs.</summary>
    internal TSequence? First => (TSequence?)first;

    /// <summary>The sequence admitted last; <c>null</c> if none runs.</summary>
    internal TSequence? Last { get; private set; }

    /// <summary>Number of running sequences.</summary>
    internal int Count { get; private set; }

    /// <summary>Number of tokens that were processed of prompts which are not complete. Those were admitted last.</summary>
    internal int PrefilledTokens
    {
        get
        {
            int tokens = 0;
            for (Sequence? sequence = Last; sequence?.Phase == SequencePhase.Prefilling; sequence = sequence.Earlier)
            {
                tokens += sequence.PrefilledTokens;
            }

            return tokens;
        }
    }

    /// <summary>Adds a sequence as the one admitted last.</summary>
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

    /// <summary>Removes a sequence, which must run.</summary>
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
