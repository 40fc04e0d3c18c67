namespace GreenServe.Simulation.Scheduling;

/// <summary>Who holds which blocks of the key-value cache: running sequences, and prefixes kept for those to come.</summary>
internal sealed class CacheBlocks(BatchLimits limits)
{
    private readonly DecodeBlocks decode = new(limits.BlockTokens);
    private readonly PrefixCache prefixes = new();

    /// <summary>Blocks in use, kept prefixes included.</summary>
    internal int Used { get; private set; }

    /// <summary>Whether a block could be had without taking one from a running sequence.</summary>
    internal bool HasRoom => Used - prefixes.EvictableBlocks < limits.KeyValueBlocks;

    private int Free => limits.KeyValueBlocks - Used;

    /// <summary>Whether what all decoding sequences need at a step is free, once prefixes nobody uses were dropped as needed.</summary>
    internal bool TryFreeForDecode(long step) => TryFree(decode.At(step));

    /// <summary>Hands out what all decoding sequences need in <paramref name="count"/> steps.</summary>
    internal void GrowDecode(long step, int count) => Used += (int)decode.Over(step, count);

    /// <summary>Most steps, up to <paramref name="most"/>, whose needs are free now.</summary>
    internal int DecodeStepsWithin(long step, int most) => decode.StepsWithin(step, Free, most);

    /// <summary>Whether the next <paramref name="tokens"/> of a sequence's prompt have room, once prefixes nobody uses were dropped as needed.</summary>
    internal bool TryFreeFor(Sequence sequence, int tokens) => TryFree(NeededBy(sequence, tokens));

    /// <summary>Hands a sequence what the next <paramref name="tokens"/> of its prompt need.</summary>
    internal void Grow(Sequence sequence, int tokens)
    {
        int blocks = NeededBy(sequence, tokens);
        sequence.OwnBlocks += blocks;
        Used += blocks;
    }

    /// <summary>Starts a sequence after what is cached of it: a kept prefix, or what another instance sent along.</summary>
    internal void FindCached(Sequence sequence)
    {
        if (sequence.Preemptions == 0)
        {
            sequence.PrefilledTokens = sequence.TransferredTokens;
        }

        if (sequence.TransferredTokens > 0 || !limits.CachesPrefixes || sequence.PrefixGroup is not { } group)
        {
            return;
        }

        // The last token is always processed, so that there is something to sample from. What a session has left is the beginning of any
        // later turn, and of its own last one after a preemption.
        int shared = sequence.LeavesWholePrompt ? sequence.PromptTokens : sequence.SharedPrefixTokens;
        int most = Math.Min(shared, sequence.PrefillTarget - 1) / limits.BlockTokens;
        int kept = prefixes.BlocksOf(group);
        int blocks = Math.Min(most, kept);

        // A kept prefix is held whole. One so much longer than the part in common that the rest of the sequence could not be cached beside
        // it is no help: holding on to it, the sequence would never end.
        bool fitsBeside = limits.BlocksFor(sequence.LongestCache) - blocks + kept <= limits.KeyValueBlocks;
        if (blocks > 0 && fitsBeside)
        {
            prefixes.Use(group);
            sequence.SharedBlocks = blocks;
            sequence.PrefilledTokens = blocks * limits.BlockTokens;
        }
    }

    /// <summary>Takes back <see cref="FindCached"/>, for a sequence that has to wait on.</summary>
    internal void ForgetCached(Sequence sequence)
    {
        sequence.PrefilledTokens = 0;
        ReleasePrefix(sequence);
    }

    /// <summary>
    /// A sequence whose prompt is done begins to decode; the first of its group leaves its prefix for the others, each turn of a session
    /// its prompt for the next.
    /// </summary>
    internal void BeginDecoding(Sequence sequence, long step)
    {
        if (limits.CachesPrefixes && sequence.PrefixGroup is { } group)
        {
            LeavePrefix(sequence, group);
        }

        if (!limits.ReservesWholeLength)
        {
            decode.Add(sequence.CachedTokens, step);
        }
    }

    /// <summary>Takes back what a running sequence holds.</summary>
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

    private void LeavePrefix(Sequence sequence, int group)
    {
        int left = (sequence.LeavesWholePrompt ? sequence.PromptTokens : sequence.SharedPrefixTokens) / limits.BlockTokens;
        int kept = prefixes.BlocksOf(group);
        if (left > 0 && kept == 0)
        {
            prefixes.Keep(group, left);
            sequence.SharedBlocks = left;
        }
        else if (sequence.LeavesWholePrompt && left > kept && sequence.SharedBlocks == kept && kept > 0)
        {
            // Turns of a session never overlap, so nobody else uses what is lengthened.
            prefixes.Lengthen(group, left);
            sequence.SharedBlocks = left;
        }
    }

    /// <summary>Blocks to find before a chunk can be processed: those it fills, or all that will ever be needed.</summary>
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
        if (sequence.SharedBlocks > 0)
        {
            prefixes.Release(sequence.PrefixGroup!.Value);
            sequence.SharedBlocks = 0;
        }
    }
}
