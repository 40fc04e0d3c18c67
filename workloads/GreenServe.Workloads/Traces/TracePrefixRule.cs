namespace GreenServe.Workloads.Traces;

/// <summary>Decides whether the blocks that a trace records tell what its prompts share.</summary>
internal static class TracePrefixRule
{
    /// <summary>Gives a trace the blocks of its prompts, or the sentence why they are not used.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="hashIds">The blocks of each request; <c>null</c> for a request whose blocks are not known.</param>
    /// <param name="reader">The reader of the file.</param>
    /// <param name="source">What the workload asks for.</param>
    internal static Trace Apply(Trace trace, IReadOnlyList<int[]?> hashIds, JsonTraceReader reader, TraceSource source)
    {
        List<string> unused = [];
        if (reader.HasChats)
        {
            unused.Add("parent_chat_id is not used: each turn is sent at its recorded time, also if the turn before is not answered yet");
        }

        if (hashIds.All(ids => ids is null))
        {
            return trace with { Unused = unused };
        }

        int block = source.HashBlockTokens ?? reader.Dialect.BlockTokens;
        string? reason = source.Prefixes == TracePrefixUse.Ignored
            ? "the workload says prefixes: ignored"
            : Misfit(trace.Requests, hashIds, block);
        if (reason is not null)
        {
            return trace with { Unused = [.. unused, $"hash_ids are not used, so that prompts share no prefix: {reason}"] };
        }

        return trace with { Prefixes = new TracePrefixes(block, [.. hashIds.Select(ids => ids ?? [])]), Unused = unused };
    }

    /// <summary>The first request that has more blocks than its prompt can have; <c>null</c> if none has.</summary>
    private static string? Misfit(IReadOnlyList<TraceRequest> requests, IReadOnlyList<int[]?> hashIds, int blockTokens)
    {
        for (int index = 0; index < requests.Count; index++)
        {
            int ids = hashIds[index]?.Length ?? 0;
            int most = ((requests[index].InputTokens - 1) / blockTokens) + 1;
            if (ids > most)
            {
                return FormattableString.Invariant($"request {index} has {ids} of them, but its {requests[index].InputTokens} tokens ")
                    + FormattableString.Invariant($"are {most} blocks of {blockTokens} tokens; hash_block_tokens states another length");
            }
        }

        return null;
    }
}
