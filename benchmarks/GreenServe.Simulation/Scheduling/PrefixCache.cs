namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Prefixes whose keys and values are kept for the requests that share them. Unused prefixes are dropped, least recently used first.
/// </summary>
/// <remarks>
/// A prefix is one text of a group, or one block of a path of blocks. Whoever uses a block also uses the blocks before it, and gives back
/// the last block first. So a block is always dropped before those that lead to it.
/// </remarks>
internal sealed class PrefixCache
{
    private readonly Dictionary<int, Entry> entries = [];
    private readonly PriorityQueue<int, long> unused = new();
    private long clock;

    /// <summary>Number of blocks of prefixes that no sequence uses at present.</summary>
    internal int EvictableBlocks { get; private set; }

    /// <summary>Number of blocks that the prefix of a group holds; 0 if it is not kept.</summary>
    internal int BlocksOf(int group) => entries.TryGetValue(group, out Entry? entry) ? entry.Blocks : 0;

    /// <summary>Whether a prefix is kept.</summary>
    internal bool IsKept(int group) => entries.ContainsKey(group);

    /// <summary>Keeps a prefix that a sequence has computed and continues to use.</summary>
    internal void Keep(int group, int blocks) => entries.Add(group, new Entry { Blocks = blocks, Users = 1 });

    /// <summary>Lengthens a kept prefix of which its only user has computed more.</summary>
    internal void Lengthen(int group, int blocks) => entries[group].Blocks = blocks;

    /// <summary>Counts a sequence that begins to use a kept prefix.</summary>
    internal void Use(int group)
    {
        Entry entry = entries[group];
        EvictableBlocks -= entry.Users == 0 ? entry.Blocks : 0;
        entry.Users++;
    }

    /// <summary>Counts a sequence that no longer uses a kept prefix.</summary>
    internal void Release(int group)
    {
        Entry entry = entries[group];
        entry.Users--;
        if (entry.Users == 0)
        {
            EvictableBlocks += entry.Blocks;
            entry.UnusedSince = clock++;
            unused.Enqueue(group, entry.UnusedSince);
        }
    }

    /// <summary>Drops the prefix that has been unused for the longest time.</summary>
    /// <returns>Number of blocks freed; 0 if no prefix is unused.</returns>
    internal int Evict()
    {
        while (unused.TryDequeue(out int group, out long since))
        {
            // Entries of prefixes that were used again stay in the queue until their turn comes.
            if (entries.TryGetValue(group, out Entry? entry) && entry.Users == 0 && entry.UnusedSince == since)
            {
                entries.Remove(group);
                EvictableBlocks -= entry.Blocks;

                // A prefix that is shorter than a cache block holds none, and dropping it frees nothing.
                if (entry.Blocks > 0)
                {
                    return entry.Blocks;
                }
            }
        }

        return 0;
    }

    private sealed class Entry
    {
        internal required int Blocks { get; set; }

        internal int Users { get; set; }

        internal long UnusedSince { get; set; }
    }
}
