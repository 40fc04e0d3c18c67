namespace GreenServe.Simulation.Scheduling;

/// <summary>Prefixes whose keys and values are kept for the requests that share them; those nobody uses go first, least recently used first.</summary>
internal sealed class PrefixCache
{
    private readonly Dictionary<int, Entry> entries = [];
    private readonly PriorityQueue<int, long> unused = new();
    private long clock;

    /// <summary>Blocks of prefixes that nobody uses at present.</summary>
    internal int EvictableBlocks { get; private set; }

    /// <summary>Blocks that a group's prefix holds; 0 if it is not kept.</summary>
    internal int BlocksOf(int group) => entries.TryGetValue(group, out Entry? entry) ? entry.Blocks : 0;

    /// <summary>Keeps a prefix that a sequence has just computed and goes on using.</summary>
    internal void Keep(int group, int blocks) => entries.Add(group, new Entry { Blocks = blocks, Users = 1 });

    /// <summary>The only sequence that uses a kept prefix has computed more of it.</summary>
    internal void Lengthen(int group, int blocks) => entries[group].Blocks = blocks;

    /// <summary>A sequence begins to use a kept prefix.</summary>
    internal void Use(int group)
    {
        Entry entry = entries[group];
        EvictableBlocks -= entry.Users == 0 ? entry.Blocks : 0;
        entry.Users++;
    }

    /// <summary>A sequence no longer uses a kept prefix.</summary>
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

    /// <summary>Drops the prefix that has been unused for longest.</summary>
    /// <returns>Its blocks; 0 if none is unused.</returns>
    internal int Evict()
    {
        while (unused.TryDequeue(out int group, out long since))
        {
            // Entries of prefixes that were used again stay behind until they come up.
            if (entries.TryGetValue(group, out Entry? entry) && entry.Users == 0 && entry.UnusedSince == since)
            {
                entries.Remove(group);
                EvictableBlocks -= entry.Blocks;
                return entry.Blocks;
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
