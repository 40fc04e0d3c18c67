using GreenServe.Records;

namespace GreenServe.Simulation.Scheduling;

/// <summary>The limits of a batch.</summary>
/// <param name="MaxSequences">Largest number of sequences that run at once, at least 1.</param>
/// <param name="StepTokens">
/// Largest number of tokens in one step. It is at least <paramref name="MaxSequences"/>, so that every running sequence gets its token.
/// </param>
/// <param name="KeyValueBlocks">Number of blocks of the key-value cache, at least 1.</param>
/// <param name="BlockTokens">Number of tokens in one block, at least 1.</param>
public sealed record BatchLimits(int MaxSequences, int StepTokens, int KeyValueBlocks, int BlockTokens = 16)
{
    /// <summary>
    /// Whether a sequence gets all the blocks that it may need when it is admitted, so that no sequence is ever preempted. This is the
    /// default of TensorRT-LLM. Otherwise a sequence gets blocks as it grows, as in vLLM.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool ReservesWholeLength { get; init; }

    /// <summary>
    /// Whether the keys and values of a prefix that sequences share are kept while there is room, so that they are not computed again. The
    /// first chunk of a sequence then begins after the kept tokens, and the engine must be able to read those.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool CachesPrefixes { get; init; }

    /// <summary>How prompts are put into steps.</summary>
    /// <value>Default: prompts are cut into chunks and share steps with decoding sequences.</value>
    public SchedulerPolicy Policy { get; init; } = new();

    /// <summary>Number of tokens that the cache holds.</summary>
    public long CapacityTokens => (long)KeyValueBlocks * BlockTokens;

    /// <summary>Number of blocks that a number of cached tokens takes.</summary>
    public int BlocksFor(int tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    /// <summary>Every limit that contradicts another or is out of range; empty if none does.</summary>
    public IEnumerable<Problem> Check()
    {
        if (MaxSequences < 1)
        {
            yield return new Problem("max_batch", MaxSequences, "at least 1");
        }

        if (StepTokens < MaxSequences)
        {
            yield return new Problem(
                "step_tokens",
                StepTokens,
                $"at least the largest batch ({MaxSequences}), so that every running sequence gets its token");
        }

        if (KeyValueBlocks < 1 || BlockTokens < 1)
        {
            yield return new Problem(
                "key-value cache", $"{KeyValueBlocks} blocks of {BlockTokens} tokens", "at least one block of one token");
        }
    }

    /// <summary>Throws if a limit contradicts another or is out of range.</summary>
    /// <exception cref="InvalidInputException">The limits are not consistent. The exception lists every reason.</exception>
    internal void RequireConsistent()
    {
        Problem[] problems = [.. Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    /// <summary>Throws if a sequence is longer than the cache.</summary>
    /// <exception cref="InvalidInputException">The cache cannot hold the sequence.</exception>
    internal void RequireRoomFor(Sequence sequence)
    {
        if ((long)sequence.PromptTokens + sequence.OutputLimit - 1 > CapacityTokens)
        {
            throw new InvalidInputException(new Problem(
                "request",
                $"{sequence.PromptTokens} + {sequence.OutputLimit} tokens",
                $"at most the {CapacityTokens} tokens that the key-value cache holds"));
        }
    }
}
