namespace GreenServe.Engine.Runners.Torch;

/// <summary>The small integers of one step. They are packed into one vector, so that one copy takes them to the device.</summary>
internal sealed class StepInputs
{
    private int[] packed = [];

    /// <summary>The number of tokens that run.</summary>
    internal int Tokens { get; private set; }

    /// <summary>The number of sequences that take part.</summary>
    internal int Sequences { get; private set; }

    /// <summary>The number of tokens whose scores are needed.</summary>
    internal int Scored { get; private set; }

    /// <summary>The largest number of tokens that run for one sequence.</summary>
    internal int LongestQuery { get; private set; }

    /// <summary>The length of the longest sequence after the step, in tokens.</summary>
    internal int LongestCache { get; private set; }

    /// <summary>Packs a step into one vector.</summary>
    /// <param name="work">The work of the step.</param>
    /// <param name="slotOf">Returns the slot of a sequence.</param>
    /// <param name="context">The number of tokens in a slot.</param>
    /// <returns>
    /// For each token its id, position, cache row and padded place; then for the sequences the query ends, cache starts and cache lengths;
    /// then the scored tokens. The vector is valid until the next call.
    /// </returns>
    internal int[] Pack(ReadOnlySpan<SequenceWork> work, Func<int, int> slotOf, int context)
    {
        Measure(work);
        int n = Tokens;
        int b = Sequences;
        int length = (4 * n) + (3 * b) + 2 + Scored;
        if (packed.Length != length)
        {
            packed = new int[length];
        }

        Span<int> all = packed;
        Span<int> queryEnds = all.Slice(4 * n, b + 1);
        Span<int> starts = all.Slice((4 * n) + b + 1, b + 1);
        Span<int> used = all.Slice((4 * n) + (2 * b) + 2, b);
        Span<int> scored = all.Slice((4 * n) + (3 * b) + 2, Scored);
        int token = 0;
        int score = 0;
        queryEnds[0] = 0;
        for (int entry = 0; entry < b; entry++)
        {
            ReadOnlySpan<int> ids = work[entry].Tokens.Span;
            int start = slotOf(work[entry].Sequence) * context;
            for (int index = 0; index < ids.Length; index++, token++)
            {
                int position = work[entry].Position + index;
                all[token] = ids[index];
                all[n + token] = position;
                all[(2 * n) + token] = start + position;
                all[(3 * n) + token] = (entry * LongestQuery) + index;
            }

            queryEnds[entry + 1] = token;
            starts[entry] = start;
            used[entry] = work[entry].Position + ids.Length;
            if (work[entry].Choice is not null)
            {
                scored[score++] = token - 1;
            }
        }

        // The kernel wants one start more than there are sequences, from which it could take lengths as differences. The lengths are given
        // here, so the last start is not read.
        starts[b] = starts[b - 1] + used[b - 1];
        return packed;
    }

    private void Measure(ReadOnlySpan<SequenceWork> work)
    {
        (Tokens, Sequences, Scored, LongestQuery, LongestCache) = (0, work.Length, 0, 0, 0);
        foreach (ref readonly SequenceWork item in work)
        {
            Tokens += item.Tokens.Length;
            Scored += item.Choice is null ? 0 : 1;
            LongestQuery = Math.Max(LongestQuery, item.Tokens.Length);
            LongestCache = Math.Max(LongestCache, item.Position + item.Tokens.Length);
        }
    }
}
