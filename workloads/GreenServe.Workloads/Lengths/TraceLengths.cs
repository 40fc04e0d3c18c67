using System.ComponentModel;
using GreenServe.Workloads.Randomness;
using GreenServe.Workloads.Traces;

namespace GreenServe.Workloads.Lengths;

/// <summary>The recorded lengths of the workload's trace, input and output of a row together.</summary>
public sealed record TraceLengths : LengthModel
{
    /// <summary>In which order rows are taken.</summary>
    [Description("In which order rows are taken: recorded, or random (drawn with replacement).")]
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
