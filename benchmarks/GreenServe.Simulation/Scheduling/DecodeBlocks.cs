namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Counts the new blocks that the decoding sequences take at each step. All of them grow by one token a step, so that each takes a block
/// every <c>blockTokens</c> steps. Counting the sequences by the phase in which they do is enough.
/// </summary>
/// <param name="blockTokens">Number of tokens in one block.</param>
internal sealed class DecodeBlocks(int blockTokens)
{
    private readonly int[] byPhase = new int[blockTokens];
    private int sequences;

    /// <summary>Counts a sequence that has <paramref name="cachedTokens"/> cached before step <paramref name="step"/>.</summary>
    internal void Add(int cachedTokens, long step) => Change(cachedTokens, step, +1);

    /// <summary>Stops counting a sequence that has <paramref name="cachedTokens"/> cached before step <paramref name="step"/>.</summary>
    internal void Remove(int cachedTokens, long step) => Change(cachedTokens, step, -1);

    /// <summary>Number of blocks taken at a step.</summary>
    internal int At(long step) => byPhase[(int)(step % blockTokens)];

    /// <summary>Number of blocks taken in <paramref name="count"/> steps from <paramref name="step"/> on.</summary>
    internal long Over(long step, int count)
    {
        long total = (long)(count / blockTokens) * sequences;
        for (int index = 0; index < count % blockTokens; index++)
        {
            total += At(step + index);
        }

        return total;
    }

    /// <summary>
    /// Number of steps, from <paramref name="step"/> on and up to <paramref name="max"/>, that take at most <paramref name="blocks"/>
    /// blocks.
    /// </summary>
    internal int StepsWithin(long step, long blocks, int max)
    {
        if (sequences == 0 || Over(step, max) <= blocks)
        {
            return max;
        }

        int rounds = (int)Math.Min(blocks / sequences, max / blockTokens);
        long left = blocks - ((long)rounds * sequences);
        int steps = rounds * blockTokens;
        while (steps < max && At(step + steps) <= left)
        {
            left -= At(step + steps);
            steps++;
        }

        return steps;
    }

    private void Change(int cachedTokens, long step, int sign)
    {
        // A sequence takes a block at the steps at which its cached tokens fill all blocks that it holds.
        long phase = (step - cachedTokens) % blockTokens;
        byPhase[(int)(phase < 0 ? phase + blockTokens : phase)] += sign;
        sequences += sign;
    }
}
