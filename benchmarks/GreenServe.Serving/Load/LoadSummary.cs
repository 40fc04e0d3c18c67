using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Serving.Load;

/// <summary>Sums over the measured requests of a run, which are those scheduled after the warm-up.</summary>
internal sealed class LoadSummary
{
    /// <summary>Second 0 of the schedule on the run's clock (s).</summary>
    internal double OriginSeconds { get; init; }

    /// <summary>End of the warm-up on the run's clock (s), rounded to the nanosecond, as times in tables are.</summary>
    internal double WarmUpSeconds { get; init; }

    /// <summary>The steady window; <c>null</c> for a load that was never steady.</summary>
    internal MeasurementWindow? Window { get; set; }

    /// <summary>Tokens and requests over time, from which any window can be counted; <c>null</c> until the load has ended.</summary>
    internal LoadTraffic? Traffic { get; set; }

    /// <summary>How late each request was sent (s), of the requests that <see cref="SendLateness"/> counts.</summary>
    internal LatencyHistogram ScheduleLags { get; } = new();

    /// <summary>How long each of the same requests waited for a connection (s).</summary>
    internal LatencyHistogram ConnectionWaits { get; } = new();

    /// <summary>
    /// Mean time from one request of a user to its next, over the same requests (s); <c>null</c> in an open loop, and where none ended.
    /// </summary>
    internal double? MeanCycleSeconds { get; set; }

    /// <summary>Number of requests that were sent a second time, because the server had closed a reused connection.</summary>
    internal long SentAfresh { get; set; }

    /// <summary>The refusal because of which the load was stopped; <c>null</c> where it was not.</summary>
    internal string? StoppedBy { get; set; }

    /// <summary>Number of measured requests by how they ended.</summary>
    internal Dictionary<RequestStatus, long> Statuses { get; } = [];

    /// <summary>The first message of each kind of failure.</summary>
    internal Dictionary<RequestStatus, string> Examples { get; } = [];

    /// <summary>The verdict reasons of a load that was not steady; empty for a steady one.</summary>
    internal List<VerdictReason> Unsteady { get; } = [];

    /// <summary>Median time between the chunks of a request (s); <c>null</c> where no request had two chunks.</summary>
    internal double? MedianGapSeconds { get; set; }

    /// <summary>Number of requests scheduled before the end of the warm-up.</summary>
    internal long WarmUpRequests { get; set; }

    /// <summary>Number of measured requests that were not sent, because the run was stopped.</summary>
    internal long NotSent { get; set; }

    /// <summary>Whether the input lengths asked for are estimates, so that the server's counts need not agree with them.</summary>
    internal bool HasEstimatedInputs { get; set; }

    /// <summary>Whether outputs end by themselves, so that the lengths asked for are limits.</summary>
    internal bool HasNaturalOutputs { get; set; }

    /// <summary>The lengths of the completed outputs, where outputs end by themselves.</summary>
    internal LengthTally OutputLengths { get; } = new();

    /// <summary>Number of those outputs that were cut at their limit.</summary>
    internal long OutputsAtLimit { get; private set; }

    /// <summary>Number of answered requests whose tokens the server did not count, and whose events are counted in their place.</summary>
    internal long CountedByEvents { get; set; }

    /// <summary>Input tokens asked for, over the answered requests whose input the server counted.</summary>
    internal long InputTokensAsked { get; set; }

    /// <summary>Input tokens by the server's count, over the answered requests whose input it counted.</summary>
    internal long InputTokensCounted { get; set; }

    /// <summary>Number of answered requests whose input the server did not count.</summary>
    internal long InputsUncounted { get; set; }

    /// <summary>Output tokens asked for, over the answered requests.</summary>
    internal long OutputTokensAsked { get; set; }

    /// <summary>Output tokens delivered, over the answered requests.</summary>
    internal long OutputTokensCounted { get; set; }

    /// <summary>Number of answered requests with chunks whose number of tokens is unknown.</summary>
    internal long TokenTimesUnknown { get; set; }

    /// <summary>Number of completed requests with two tokens or more, whose gaps are known.</summary>
    internal long WithGaps { get; set; }

    /// <summary>Number of those whose tokens all came in one piece; see <see cref="LoadLimits.MinMeanGapSeconds"/>.</summary>
    internal long InOnePiece { get; set; }

    /// <summary>Number of measured requests.</summary>
    internal long Requests => Statuses.Values.Sum();

    /// <summary>Number of measured requests whose response came to an end of its own, of whatever length.</summary>
    internal long Answered => CountOf(RequestStatus.Completed) + CountOf(RequestStatus.WrongLength);

    /// <summary>Enters the lengths of a measured request, if its response came to an end of its own.</summary>
    internal void AddAnswer(RequestTrace trace, RequestRecord row)
    {
        if (row.Status is not (RequestStatus.Completed or RequestStatus.WrongLength))
        {
            return;
        }

        if (HasNaturalOutputs && row is { Status: RequestStatus.Completed, OutputTokensCounted: { } came })
        {
            OutputLengths.Add(came);
            OutputsAtLimit += came >= row.OutputTokensAsked ? 1 : 0;
        }

        OutputTokensAsked += trace.IsCountedByEvents ? 0 : row.OutputTokensAsked;
        OutputTokensCounted += row.OutputTokensCounted ?? 0;
        InputTokensAsked += row.InputTokensCounted is null ? 0 : row.InputTokensAsked;
        InputTokensCounted += row.InputTokensCounted ?? 0;
        InputsUncounted += row.InputTokensCounted is null && !trace.IsCountedByEvents ? 1 : 0;
        TokenTimesUnknown += trace.AreTokenTimesKnown ? 0 : 1;
        CountedByEvents += trace.IsCountedByEvents ? 1 : 0;
    }

    /// <summary>Number of measured requests with a status.</summary>
    internal long CountOf(RequestStatus status) => Statuses.GetValueOrDefault(status);
}
