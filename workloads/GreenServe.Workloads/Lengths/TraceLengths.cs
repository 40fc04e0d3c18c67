using GreenServe.Workloads.Randomness;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Lengths;

/// <summary>The recorded lengths of the workload's trace. Input and output of a row stay together.</summary>
public sealed record TraceLengths : LengthModel
{
    /// <summary>The order in which rows are taken: recorded, or random (drawn with replacement).</summary>
    /// <value>Default <see cref="TraceRowOrder.Recorded"/>.</value>
    public TraceRowOrder Order { get; init; } = TraceRowOrder.Recorded;

    internal override IEnumerable<(int InputTokens, int OutputTokens)> Lengths(ScheduleSources sources)
    {
        IReadOnlyList<TraceRequest> rows = sources.Trace.Requests;
        RandomSequence random = sources.Random(RandomNames.TraceRow);
        for (int next = 0; ; next = (next + 1) % rows.Count)
        {
            TraceRequest row = rows[Order == TraceRowOrder.Random ? random.NextIndex(rows.Count) : next];
            yield return (row.InputTokens, row.OutputTokens);
        }
    }
}

/// <summary>The order in which lengths are taken from a trace.</summary>
public enum TraceRowOrder
{
    /// <summary>Rows are taken as recorded, from the first row of the slice. After the last row it begins again.</summary>
    Recorded,

    /// <summary>Rows are drawn at random with replacement. Input and output of a row stay together.</summary>
    Random,
}
