namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// How many new blocks the decoding sequences take at each step. All of them grow by one token a step, so a sequence takes a block every
/// <c>blockTokens</c> steps, and it is enough to count sequences by the phase in which they do.
/// </summary>
internal sealed class DecodeBlocks(int blockTokens)
{
    private readonly int[] byPhase = new int[blockTokens];
    private int sequences;

    /// <summary>Counts a sequence that holds <paramref name="cachedTokens"/> before step <paramref name="step"/>.</summary>
    internal void Add(int cachedTokens, long step) => Change(cachedTokens, step, +1);

    /// <summary>Forgets such a sequence.</summary>
    internal void Remove(int cachedTokens, long step) => Change(cachedTokens, step, -1);

    /// <summary>Blocks taken at a step.</summary>
    internal int At(long step) => byPhase[(int)(step % blockTokens)];

    /// <summary>Blocks taken in <paramref name="count"/> steps from <paramref name="step"/> on.</summary>
    internal long Over(long step, int count)
    {
        long total = (long)(count / blockTokens) * sequences;
        for (int index = 0; index < count % blockTokens; index++)
        {
            total += At(step + index);
        }

        return total;
    }

    /// <summary>Most steps, from <paramref name="step"/> on, that take no more than <paramref name="blocks"/> blocks.</summary>
    internal int StepsWithin(long step, long blocks, int most)
    {
        if (sequences == 0 || Over(step, most) <= blocks)
        {
            return most;
        }

        int rounds = (int)Math.Min(blocks / sequences, most / blockTokens);
        long left = blocks - ((long)rounds * sequences);
        int steps = rounds * blockTokens;
        while (steps < most && At(step + steps) <= left)
        {
            left -= At(step + steps);
            steps++;
        }

        return steps;
    }

    private void Change(int cachedTokens, long step, int sign)
    {
        // A block is taken at the steps at which the cached tokens fill all blocks held so far.
        long phase = (step - cachedTokens) % blockTokens;
        byPhase[(int)(phase < 0 ? phase + blockTokens : phase)] += sign;
        sequences += sign;
    }
}
