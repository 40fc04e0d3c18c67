using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;

namespace GreenServe.Serving.Load;

/// <summary>The verdict reasons that a load generator finds against its own run.</summary>
internal static class LoadVerdict
{
    /// <summary>Judges a run by its sums and by what the client used.</summary>
    /// <returns>Every reason, each with its numbers and the limit; empty for a valid run.</returns>
    internal static IReadOnlyList<VerdictReason> Judge(LoadSummary summary, ClientUsage usage, bool wasStopped)
    {
        VerdictReason?[] reasons =
        [
            Interrupted(summary, wasStopped),
            Refused(summary),
            NothingCompleted(summary) ?? NoSteadyWindow(summary),
            .. wasStopped ? [] : summary.Unsteady,
            Failures(summary),
            OutputLengths(summary),
            InputLengths(summary),
            InputLengthsUnknown(summary),
            TokenTimesUnknown(summary),
            MixedCounts(summary),
            TokensInOnePiece(summary),
            ClientLag(summary.ScheduleLags, summary.MeanCycleSeconds),
            ClientReceiveLag(summary.MedianGapSeconds, usage),
            ClientCpu(usage),
            ClientGc(usage),
        ];
        return [.. reasons.OfType<VerdictReason>()];
    }

    /// <summary>The reasons that show while a load still runs, by the limits of its verdict. The verdict may have others.</summary>
    /// <param name="summary">The sums over the measured requests that have ended. Its lags and its median gap are not used.</param>
    /// <param name="lateness">How late the client has sent so far.</param>
    /// <param name="medianGapSeconds">Median time between the chunks of a request so far (s); <c>null</c> where it is not known.</param>
    /// <param name="usage">What the client has used so far.</param>
    internal static IReadOnlyList<VerdictReason> SoFar(
        LoadSummary summary, SendLateness lateness, double? medianGapSeconds, ClientUsage usage)
    {
        VerdictReason?[] reasons =
        [
            Failures(summary),
            OutputLengths(summary),
            InputLengths(summary),
            InputLengthsUnknown(summary),
            TokenTimesUnknown(summary),
            MixedCounts(summary),
            TokensInOnePiece(summary),
            ClientLag(lateness.LagsSoFar, lateness.MeanCycleSoFarSeconds),
            ClientReceiveLag(medianGapSeconds, usage),
            ClientCpu(usage),
            ClientGc(usage),
        ];
        return [.. reasons.OfType<VerdictReason>()];
    }

    private static VerdictReason? Interrupted(LoadSummary summary, bool wasStopped) => wasStopped
        ? Reason(VerdictCode.Interrupted, $"the run was stopped; {summary.NotSent} requests were never sent")
        : null;

    private static VerdictReason? Refused(LoadSummary summary) => summary.StoppedBy is { } refusal
        ? Reason(
            VerdictCode.Refused,
            $"the server refused the first {FirstRefusals.Limit} requests, and {summary.NotSent} were not sent any more: {refusal}")
        : null;

    private static VerdictReason? NothingCompleted(LoadSummary summary) => summary.CountOf(RequestStatus.Completed) == 0
        ? Reason(VerdictCode.NothingCompleted, $"none of {summary.Requests} measured requests completed")
        : null;

    private static VerdictReason? NoSteadyWindow(LoadSummary summary) => summary.Window is null
        ? Reason(VerdictCode.NoSteadyWindow, $"the load was over before it was steady: it needs more requests, or less warm-up")
        : null;

    private static VerdictReason? Failures(LoadSummary summary)
    {
        long failed = summary.Requests - summary.CountOf(RequestStatus.Completed) - summary.CountOf(RequestStatus.Cancelled);
        if (failed <= LoadLimits.MaxFailedRatio * summary.Requests)
        {
            return null;
        }

        IEnumerable<string> kinds = summary.Statuses
            .Where(pair => pair.Key is not (RequestStatus.Completed or RequestStatus.Cancelled))
            .OrderByDescending(pair => pair.Value)
            .Select(pair => $"{pair.Value} {EnumText.Of(pair.Key)} (first: {summary.Examples.GetValueOrDefault(pair.Key)})");
        return Reason(
            VerdictCode.Failures,
            $"{failed} of {summary.Requests} requests failed, limit {LoadLimits.MaxFailedRatio:P0}: {string.Join("; ", kinds)}");
    }

    /// <summary>The verdict reason against a closed loop whose requests were cut off at the end; <c>null</c> for at most 1 %.</summary>
    /// <param name="summary">The sums of the load.</param>
    /// <param name="unfinished">Number of requests that the drain limit cut off.</param>
    /// <param name="drainSeconds">The drain limit (s).</param>
    internal static VerdictReason? Unfinished(LoadSummary summary, long unfinished, double drainSeconds)
    {
        const double limit = LoadLimits.MaxFailedRatio;
        string ended = FormattableString.Invariant($"{unfinished} of {summary.Requests} requests had not ended {drainSeconds:0.#} s");
        return unfinished > limit * summary.Requests
            ? Reason(
                VerdictCode.Failures,
                $"{ended} after the last one was sent and were cancelled, limit {limit:P0}: every latency is that of the others")
            : null;
    }

    private static VerdictReason? OutputLengths(LoadSummary summary)
    {
        const double limit = LoadLimits.MaxOutputDeviationRatio;
        (long asked, long counted) = (summary.OutputTokensAsked, summary.OutputTokensCounted);
        return !summary.HasNaturalOutputs && IsOff(counted, asked, limit)
            ? Reason(VerdictCode.OutputLengths, $"asked for {asked} output tokens, got {counted}, limit {limit:P0} off")
            : null;
    }

    private static VerdictReason? InputLengths(LoadSummary summary)
    {
        const double limit = LoadLimits.MaxInputDeviationRatio;
        (long asked, long counted) = (summary.InputTokensAsked, summary.InputTokensCounted);
        return !summary.HasEstimatedInputs && IsOff(counted, asked, limit)
            ? Reason(VerdictCode.InputLengths, $"asked for {asked} input tokens, the server counted {counted}, limit {limit:P0} off")
            : null;
    }

    private static VerdictReason? InputLengthsUnknown(LoadSummary summary)
    {
        long unknown = summary.InputsUncounted;
        return unknown > LoadLimits.MaxUncountedRatio * summary.Answered
            ? Reason(VerdictCode.InputLengthsUnknown, $"the server did not count the input of {unknown} of {summary.Answered} requests")
            : null;
    }

    private static VerdictReason? TokenTimesUnknown(LoadSummary summary)
    {
        long unknown = summary.TokenTimesUnknown;
        return unknown > LoadLimits.MaxUncountedRatio * summary.Answered
            ? Reason(
                VerdictCode.TokenTimesUnknown,
                $"{unknown} of {summary.Answered} requests had chunks of an unknown number of tokens: their token gaps are left out")
            : null;
    }

    private static VerdictReason? MixedCounts(LoadSummary summary)
    {
        long byEvents = summary.CountedByEvents;
        return byEvents > 0 && byEvents < summary.Answered
            ? Reason(
                VerdictCode.MixedTokenCounts,
                $"the server counted the tokens of {summary.Answered - byEvents} of {summary.Answered} requests only")
            : null;
    }

    private static VerdictReason? TokensInOnePiece(LoadSummary summary)
    {
        (long inOnePiece, long all) = (summary.InOnePiece, summary.WithGaps);
        return inOnePiece > LoadLimits.MaxInOnePieceRatio * all
            ? Reason(
                VerdictCode.TokensInOnePiece,
                $"the tokens of {inOnePiece} of {all} requests came in one piece: their TTFT and TBT are those of a buffer, E2E is right")
            : null;
    }

    private static VerdictReason? ClientLag(LatencyHistogram lags, double? meanCycleSeconds)
    {
        if (meanCycleSeconds is { } cycle && lags.Count > 0)
        {
            double mean = lags.SumSeconds / lags.Count;
            double allowed = Math.Max(LoadLimits.MinClosedLoopLagSeconds, LoadLimits.MaxLagOfCycleRatio * cycle);
            return mean > allowed
                ? Reason(
                    VerdictCode.ClientLag,
                    $"the client sent late: mean {mean * 1e3:F1} ms of a user's cycle of {cycle * 1e3:F0} ms, limit {allowed * 1e3:F1} ms")
                : null;
        }

        const double limit = LoadLimits.MaxScheduleLagSeconds;
        double? lag = lags.PercentileSeconds(99);
        return lag > limit
            ? Reason(VerdictCode.ClientLag, $"the client sent late: p99 {lag * 1e3:F1} ms, limit {limit * 1e3:F0} ms")
            : null;
    }

    private static VerdictReason? ClientReceiveLag(double? medianGapSeconds, ClientUsage usage)
    {
        double wanted = LoadLimits.MaxReceiveLagOfGapRatio * medianGapSeconds ?? LoadLimits.MaxReceiveLagLimitSeconds;
        double limit = Math.Clamp(wanted, LoadLimits.MinReceiveLagLimitSeconds, LoadLimits.MaxReceiveLagLimitSeconds);
        double? lag = usage.Reading.ReceiveLags?.PercentileSeconds(99);
        return lag > limit
            ? Reason(
                VerdictCode.ClientReceiveLag,
                $"the client read late: p99 {lag * 1e3:F1} ms, limit {limit * 1e3:F1} ms (half a token gap)")
            : null;
    }

    private static VerdictReason? ClientCpu(ClientUsage usage)
    {
        int cores = Environment.ProcessorCount;
        if (!(usage.ReaderBusyRatio > LoadLimits.MaxBusyRatio || usage.CpuCores > LoadLimits.MaxBusyRatio * cores))
        {
            return null;
        }

        string busy = usage.ReaderBusyRatio is { } ratio ? ratio.ToString("P0", CultureInfo.InvariantCulture) : "unknown";
        return Reason(VerdictCode.ClientCpu, $"the client was the limit: busiest reader {busy}, {usage.CpuCores:F2} of {cores} cores");
    }

    private static VerdictReason? ClientGc(ClientUsage usage)
    {
        const double limit = LoadLimits.MaxGcPauseRatio;
        return usage.GcPauseRatio > limit
            ? Reason(VerdictCode.ClientGc, $"the client stood still for {usage.GcPauseRatio:P1} of the time, limit {limit:P0}")
            : null;
    }

    private static bool IsOff(long counted, long asked, double limit) => Math.Abs(counted - asked) > limit * asked;

    private static VerdictReason Reason(VerdictCode code, FormattableString message) =>
        new(code, message.ToString(CultureInfo.InvariantCulture));
}
