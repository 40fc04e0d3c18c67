namespace GreenServe.Engine.Runners.Torch;

/// <summary>The small integers of one step, packed into one vector so that one copy takes them to the device.</summary>
internal sealed class StepInputs
{
    private int[] packed = [];

    /// <summary>Tokens that run.</summary>
    internal int Tokens { get; private set; }

    /// <summary>Sequences that take part.</summary>
    internal int Sequences { get; private set; }

    /// <summary>Tokens whose scores are wanted.</summary>
    internal int Scored { get; private set; }

    /// <summary>Most tokens of one sequence.</summary>
    internal int LongestQuery { get; private set; }

    /// <summary>Longest sequence after the step.</summary>
    internal int LongestCache { get; private set; }

    /// <summary>Ids, positions, cache rows, padded places, query ends, cache starts, cache lengths, scored tokens.</summary>
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

        // One entry more than sequences, as lengths are differences elsewhere; here they are given, and it is not read.
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
