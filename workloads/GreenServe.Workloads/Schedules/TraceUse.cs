using GreenServe.Records.Documents;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Randomness;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Schedules;

/// <summary>What a schedule takes from the trace of its workload beside arrivals and lengths, and what it leaves.</summary>
internal sealed class TraceUse
{
    private readonly string file;
    private readonly Trace trace;
    private readonly PrefixTree? tree;
    private readonly string? unusedReason;

    private TraceUse(Workload workload, Trace trace)
    {
        file = Path.GetFileName(workload.Trace!.File);
        this.trace = trace;
        if (trace.Prefixes is { } prefixes)
        {
            unusedReason = workload switch
            {
                { Sessions: not null } => "the workload states sessions",
                { PrefixSharing: not null } => "the workload states prefix_sharing",
                { Lengths: TraceLengths { Order: TraceRowOrder.Recorded } } => null,
                _ => "lengths are not those of the trace in recorded order",
            };
            tree = unusedReason is null ? new PrefixTree(prefixes) : null;
        }
    }

    /// <summary>The use of a workload's trace; <c>null</c> for a workload that uses none.</summary>
    internal static TraceUse? Of(Workload workload, ScheduleSources sources) =>
        workload.UsesTrace ? new TraceUse(workload, sources.Trace) : null;

    /// <summary>Gives a request the prompt blocks of its row, where the trace has them and the workload uses them.</summary>
    internal ScheduledRequest Apply(in ScheduledRequest request)
    {
        if (tree is null)
        {
            return request;
        }

        (PromptBlocks? blocks, int shared) = tree.Add(request.Id, request.InputTokens);
        return request with { Blocks = blocks, SharedPrefixTokens = shared };
    }

    /// <summary>How the trace was read and what it shares, one sentence each. It is complete after the last request.</summary>
    internal IEnumerable<string> Notes()
    {
        yield return $"{file} was read as {EnumText.Of(trace.Format)}: timestamps in {trace.TimestampUnit}";
        if (tree is not null)
        {
            yield return FormattableString.Invariant(
                $"{file}: prompts are made of its hash_ids ({trace.Prefixes!.BlockTokens} tokens each), and ")
                + FormattableString.Invariant($"{tree.SharedShare * 100:0.#} % of the prompt tokens begin an earlier prompt");
        }

        if (unusedReason is not null)
        {
            yield return $"{file}: hash_ids are not used, so that prompts do not share what the trace shares: {unusedReason}";
        }

        foreach (string unused in trace.Unused)
        {
            yield return $"{file}: {unused}";
        }
    }
}
