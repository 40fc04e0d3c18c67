using GreenServe.Workloads.Traces;

namespace GreenServe.Simulation.Scheduling;

/// <summary>Keeps account of the blocks of the key-value cache, which running sequences and kept prefixes hold.</summary>
internal sealed class CacheBlocks(BatchLimits limits)
{
    private readonly DecodeBlocks decode = new(limits.BlockTokens);
    private readonly PrefixCache prefixes = new();

    /// <summary>Number of blocks in use, including kept prefixes.</summary>
    internal int Used { get; private set; }

    /// <summary>Whether a block is available without taking one from a running sequence.</summary>
    internal bool HasRoom => Used - prefixes.EvictableBlocks < limits.KeyValueBlocks;

    private int Free => limits.KeyValueBlocks - Used;

    /// <summary>
    /// Frees the blocks that all decoding sequences need at a step, by dropping unused prefixes. Returns whether there are enough.
    /// </summary>
    internal bool TryFreeForDecode(long step) => TryFree(decode.At(step));

    /// <summary>
    /// Takes the blocks that all decoding sequences need in <paramref name="count"/> steps from <paramref name="step"/> on.
    /// </summary>
    internal void GrowDecode(long step, int count) => Used += (int)decode.Over(step, count);

    /// <summary>Number of steps, up to <paramref name="max"/>, for which enough blocks are free now.</summary>
    internal int DecodeStepsWithin(long step, int max) => decode.StepsWithin(step, Free, max);

    /// <summary>
    /// Frees the blocks that the next <paramref name="tokens"/> of a prompt need, by dropping unused prefixes. Returns whether there are
    /// enough.
    /// </summary>
    internal bool TryFreeFor(Sequence sequence, int tokens) => TryFree(NeededBy(sequence, tokens));

    /// <summary>Gives a sequence the blocks that the next <paramref name="tokens"/> of its prompt need.</summary>
    internal void Grow(Sequence sequence, int tokens)
    {
        int blocks = NeededBy(sequence, tokens);
        sequence.OwnBlocks += blocks;
        Used += blocks;
    }

    /// <summary>Starts a sequence after its cached tokens, which a kept prefix holds or another instance sent along.</summary>
    internal void FindCached(Sequence sequence)
    {
        if (sequence.Preemptions == 0)
        {
            sequence.PrefilledTokens = sequence.TransferredTokens;
        }

        if (sequence.TransferredTokens > 0 || !limits.CachesPrefixes)
        {
            return;
        }

        if (sequence.Blocks is { } blocks)
        {
            UseKeptBlocks(sequence, blocks);
        }
        else if (sequence.PrefixGroup is { } group)
        {
            UseKeptPrefix(sequence, group);
        }
    }

    /// <summary>Undoes <see cref="FindCached"/> for a sequence that must go on waiting.</summary>
    internal void ForgetCached(Sequence sequence)
    {
        sequence.PrefilledTokens = 0;
        ReleasePrefix(sequence);
    }

    /// <summary>
    /// Lets a sequence whose prompt is complete begin to decode. The first sequence of a group keeps its prefix for the others, and each
    /// turn of a session keeps its prompt for the next turn.
    /// </summary>
    internal void BeginDecoding(Sequence sequence, long step)
    {
        if (limits.CachesPrefixes && sequence.Blocks is { } blocks)
        {
            KeepBlocks(sequence, blocks);
        }
        else if (limits.CachesPrefixes && sequence.PrefixGroup is { } group)
        {
            KeepPrefix(sequence, group);
        }

        if (!limits.ReservesWholeLength)
        {
            decode.Add(sequence.CachedTokens, step);
        }
    }

    /// <summary>Takes back the blocks of a running sequence.</summary>
    internal void Release(Sequence sequence, long step)
    {
        if (sequence.Phase == SequencePhase.Decoding)
        {
            int cached = sequence.CachedTokens;
            Used -= limits.BlocksFor(limits.ReservesWholeLength ? sequence.LongestCache : cached) - sequence.SharedBlocks;
            if (!limits.ReservesWholeLength)
            {
                decode.Remove(cached, step);
            }
        }
        else
        {
            Used -= sequence.OwnBlocks;
        }

        sequence.OwnBlocks = 0;
        ReleasePrefix(sequence);
    }

    /// <summary>Starts a sequence after the kept prefix of its group.</summary>
    private void UseKeptPrefix(Sequence sequence, int group)
    {
        // The last token is always processed, so that there is a token to sample. The prefix that a session keeps is the beginning of every
        // later turn, and of its own latest turn after a preemption.
        int shared = sequence.KeepsWholePrompt ? sequence.PromptTokens : sequence.SharedPrefixTokens;
        int sharedBlocks = Math.Min(shared, sequence.PrefillTarget - 1) / limits.BlockTokens;
        int kept = prefixes.BlocksOf(group);
        int blocks = Math.Min(sharedBlocks, kept);

        // A sequence holds a kept prefix as a whole. If the prefix is so long that the rest of the sequence would not fit beside it, the
        // sequence could never end, and does without the prefix.
        bool fitsBeside = limits.BlocksFor(sequence.LongestCache) - blocks + kept <= limits.KeyValueBlocks;
        if (blocks > 0 && fitsBeside)
        {
            prefixes.Use(group);
            sequence.SharedBlocks = blocks;
            sequence.PrefilledTokens = blocks * limits.BlockTokens;
        }
    }

    private void KeepPrefix(Sequence sequence, int group)
    {
        int blocks = (sequence.KeepsWholePrompt ? sequence.PromptTokens : sequence.SharedPrefixTokens) / limits.BlockTokens;
        int kept = prefixes.BlocksOf(group);
        if (blocks > 0 && kept == 0)
        {
            prefixes.Keep(group, blocks);
            sequence.SharedBlocks = blocks;
        }
        else if (sequence.KeepsWholePrompt && blocks > kept && sequence.SharedBlocks == kept && kept > 0)
        {
            // Turns of a session never overlap, so that no other sequence uses the prefix.
            prefixes.Lengthen(group, blocks);
            sequence.SharedBlocks = blocks;
        }
    }

    /// <summary>
    /// Number of blocks that a chunk needs: those that it fills, or all that the sequence will ever need where they are reserved at once.
    /// </summary>
    private int NeededBy(Sequence sequence, int tokens)
    {
        int needed = limits.ReservesWholeLength ? sequence.LongestCache : sequence.PrefilledTokens + tokens;
        return limits.BlocksFor(needed) - sequence.SharedBlocks - sequence.OwnBlocks;
    }

    private bool TryFree(int blocks)
    {
        while (blocks > Free)
        {
            int evicted = prefixes.Evict();
            if (evicted == 0)
            {
                return false;
            }

            Used -= evicted;
        }

        return true;
    }

    private void ReleasePrefix(Sequence sequence)
    {
        if (sequence.Blocks is { } blocks)
        {
            for (; sequence.SharedDepth > 0; sequence.SharedDepth--)
            {
                prefixes.Release(blocks.Path[sequence.SharedDepth - 1]);
            }
        }
        else if (sequence.SharedBlocks > 0)
        {
            prefixes.Release(sequence.PrefixGroup!.Value);
        }

        sequence.SharedBlocks = 0;
    }

    /// <summary>
    /// Starts a sequence after the kept blocks that its prompt begins with. The last token is always processed, so that there is a token to
    /// sample.
    /// </summary>
    private void UseKeptBlocks(Sequence sequence, PromptBlocks blocks)
    {
        int depth = 0;
        while (depth < blocks.Path.Count
            && ((long)depth + 1) * blocks.BlockTokens < sequence.PrefillTarget
            && prefixes.IsKept(blocks.Path[depth]))
        {
            prefixes.Use(blocks.Path[depth++]);
        }

        sequence.SharedDepth = depth;
        sequence.SharedBlocks = CacheBlocksOf(blocks, depth);
        sequence.PrefilledTokens = Math.Max(sequence.PrefilledTokens, sequence.SharedBlocks * limits.BlockTokens);
    }

    /// <summary>
    /// Keeps the whole blocks of a prompt for the sequences after it. A block that another sequence computed at the same time is held once
    /// from now on.
    /// </summary>
    private void KeepBlocks(Sequence sequence, PromptBlocks blocks)
    {
        int whole = Math.Min(blocks.Path.Count, sequence.PromptTokens / blocks.BlockTokens);
        for (int depth = sequence.SharedDepth; depth < whole; depth++)
        {
            int held = CacheBlocksOf(blocks, depth + 1) - CacheBlocksOf(blocks, depth);
            if (prefixes.IsKept(blocks.Path[depth]))
            {
                prefixes.Use(blocks.Path[depth]);
                Used -= held;
            }
            else
            {
                prefixes.Keep(blocks.Path[depth], held);
            }
        }

        sequence.SharedDepth = Math.Max(sequence.SharedDepth, whole);
        sequence.SharedBlocks = CacheBlocksOf(blocks, sequence.SharedDepth);
    }

    /// <summary>Number of cache blocks that the first blocks of a prompt fill.</summary>
    private int CacheBlocksOf(PromptBlocks blocks, int depth) => (int)((long)depth * blocks.BlockTokens / limits.BlockTokens);
}
