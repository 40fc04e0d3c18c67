namespace GreenServe.Workloads.Traces;

/// <summary>
/// The tree of the beginnings of a trace's prompts. It gives each request of a schedule its blocks, and finds how much of its prompt an
/// earlier request began with.
/// </summary>
/// <param name="prefixes">The blocks of the trace's requests.</param>
internal sealed class PrefixTree(TracePrefixes prefixes)
{
    private const int Root = -1;
    private readonly Dictionary<(int Parent, int Lap, int HashId), int> beginnings = [];
    private long promptTokens;
    private long sharedTokens;

    /// <summary>Share of the prompt tokens so far that an earlier prompt began with, in [0, 1).</summary>
    internal double SharedShare => promptTokens > 0 ? (double)sharedTokens / promptTokens : 0;

    /// <summary>Finds the blocks of a request. Requests come in the order of the schedule.</summary>
    /// <param name="id">Number of the request, from 0. It tells the row; after the last row the trace begins again.</param>
    /// <param name="inputTokens">Length of its prompt (tokens).</param>
    /// <returns>
    /// The blocks, <c>null</c> for a prompt without any, and the number of tokens that an earlier prompt began with.
    /// </returns>
    internal (PromptBlocks? Blocks, int SharedTokens) Add(long id, int inputTokens)
    {
        (long lap, long row) = Math.DivRem(id, prefixes.HashIds.Count);
        IReadOnlyList<int> hashIds = prefixes.HashIds[(int)row];
        int[] path = new int[hashIds.Count];
        int parent = Root;
        int known = 0;
        for (int place = 0; place < path.Length; place++)
        {
            (int, int, int) key = (parent, (int)lap, hashIds[place]);
            if (beginnings.TryGetValue(key, out parent))
            {
                known++;
            }
            else
            {
                beginnings[key] = parent = beginnings.Count;
            }

            path[place] = parent;
        }

        // The last token of a prompt is always computed, so that there is a token to sample.
        int shared = (int)Math.Min((long)known * prefixes.BlockTokens, inputTokens - 1);
        promptTokens += inputTokens;
        sharedTokens += shared;
        PromptBlocks? blocks = path.Length > 0 ? new PromptBlocks(prefixes.BlockTokens, hashIds, (int)lap, path) : null;
        return (blocks, shared);
    }
}
