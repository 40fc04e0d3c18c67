using GreenServe.Records;

namespace GreenServe.Simulation.Scheduling;

/// <summary>What bounds a batch.</summary>
/// <param name="MaxSequences">Most sequences that run at once.</param>
/// <param name="StepTokens">Most tokens of one step; at least <paramref name="MaxSequences"/>, so that every running sequence gets its token.</param>
/// <param name="KeyValueBlocks">Blocks of the key-value cache.</param>
/// <param name="BlockTokens">Tokens of one block.</param>
public sealed record BatchLimits(int MaxSequences, int StepTokens, int KeyValueBlocks, int BlockTokens = 16)
{
    /// <summary>
    /// Whether a sequence gets all the blocks it may ever need when it is admitted, so that none is ever preempted (TensorRT-LLM's default);
    /// otherwise it gets them as it grows (vLLM).
    /// </summary>
    public bool ReservesWholeLength { get; init; }

    /// <summary>
    /// Whether the keys and values of a prefix that sequences share are kept and not computed again while there is room. A plan's first chunk
    /// of a sequence then begins after what is kept; the engine must be able to read it.
    /// </summary>
    public bool CachesPrefixes { get; init; }

    /// <summary>Tokens the cache holds.</summary>
    public long CapacityTokens => (long)KeyValueBlocks * BlockTokens;

    /// <summary>Blocks that a number of cached tokens takes.</summary>
    public int BlocksFor(int tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    /// <summary>Every broken rule.</summary>
    public IEnumerable<Problem> Check()
    {
        if (MaxSequences < 1)
        {
            yield return new Problem("max_batch", MaxSequences, "at least 1");
        }

        if (StepTokens < MaxSequences)
        {
            yield return new Problem("step_tokens", StepTokens, $"at least the largest batch ({MaxSequences}), so that every running sequence gets its token");
        }

        if (KeyValueBlocks < 1 || BlockTokens < 1)
        {
            yield return new Problem("key-value cache", $"{KeyValueBlocks} blocks of {BlockTokens} tokens", "at least one block of one token");
        }
    }
}
