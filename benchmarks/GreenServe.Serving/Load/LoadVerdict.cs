using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Serving.Load;

/// <summary>The objections a load generator can have against its own run.</summary>
internal static class LoadVerdict
{
    /// <summary>More failures than this share make a run invalid.</summary>
    internal const double MaxFailuresRatio = 0.01;

    /// <summary>Delivered and asked output tokens may differ by this share.</summary>
    internal const double MaxOutputDeviationRatio = 0.01;

    /// <summary>Counted and asked input tokens may differ by this share; text prompts are only as exact as that.</summary>
    internal const double MaxInputDeviationRatio = 0.02;

    /// <summary>The schedule lag's 99th percentile must not exceed this (s).</summary>
    internal const double LargestLagSeconds = 0.010;

    /// <summary>The receive lag's 99th percentile must not exceed this (s), whatever the gaps between tokens.</summary>
    internal const double LargestReceiveLagSeconds = 0.050;

    /// <summary>Nor this (s), where gaps are so short that half of one is less.</summary>
    internal const double MinReceiveLagSeconds = 0.001;

    /// <summary>Nor this share of the median gap: tokens read together have the receipt time of the last one.</summary>
    internal const double MaxReceiveLagOfGap = 0.5;

    /// <summary>A reading thread busier than this is the limit.</summary>
    internal const double MaxReaderBusyRatio = 0.95;

    /// <summary>A client that stands still longer than this share of the time is the limit.</summary>
    internal const double MaxGcPauseRatio = 0.05;

    internal static IReadOnlyList<VerdictReason> Judge(LoadSummary summary, ClientUsage usage, bool wasStopped) =>
    [
        .. OfEnding(summary, wasStopped),
        .. wasStopped ? [] : summary.Unsteady,
        .. OfFailures(summary),
        .. OfLengths(summary),
        .. OfClient(summary, usage),
    ];

    private static IEnumerable<VerdictReason> OfEnding(LoadSummary summary, bool wasStopped)
    {
        if (wasStopped)
        {
            yield return Reason(VerdictCode.Interrupted, $"the run was stopped; {summary.NotSent} requests were never sent");
        }

        if (summary.CountOf(RequestStatus.Completed) == 0)
        {
            yield return Reason(VerdictCode.NothingCompleted, $"none of {summary.Requests} measured requests completed");
        }
        else if (summary.Window is null)
        {
            yield return Reason(VerdictCode.NoSteadyWindow, $"the load was over before it was steady: it needs more requests, or less warm-up");
        }
    }

    private static IEnumerable<VerdictReason> OfFailures(LoadSummary summary)
    {
        long failed = summary.Requests - summary.CountOf(RequestStatus.Completed) - summary.CountOf(RequestStatus.Cancelled);
        if (failed > MaxFailuresRatio * summary.Requests)
        {
            IEnumerable<string> kinds = summary.Statuses
                .Where(pair => pair.Key is not (RequestStatus.Completed or RequestStatus.Cancelled))
                .OrderByDescending(pair => pair.Value)
                .Select(pair => $"{pair.Value} {EnumText.Of(pair.Key)} (first: {summary.Examples.GetValueOrDefault(pair.Key)})");
            yield return Reason(
                VerdictCode.Failures, $"{failed} of {summary.Requests} requests failed, limit {MaxFailuresRatio:P0}: {string.Join("; ", kinds)}");
        }
    }

    private static IEnumerable<VerdictReason> OfLengths(LoadSummary summary)
    {
        if (IsOff(summary.OutputTokensCounted, summary.OutputTokensAsked, MaxOutputDeviationRatio))
        {
            yield return Reason(
                VerdictCode.OutputLengths, $"asked for {summary.OutputTokensAsked} output tokens, got {summary.OutputTokensCounted}, limit {MaxOutputDeviationRatio:P0} off");
        }

        if (IsOff(summary.InputTokensCounted, summary.InputTokensAsked, MaxInputDeviationRatio))
        {
            yield return Reason(
                VerdictCode.InputLengths, $"asked for {summary.InputTokensAsked} input tokens, the server counted {summary.InputTokensCounted}, limit {MaxInputDeviationRatio:P0} off");
        }

        long ended = summary.CountOf(RequestStatus.Completed) + summary.CountOf(RequestStatus.WrongLength);
        if (summary.InputsUncounted > MaxFailuresRatio * ended)
        {
            yield return Reason(VerdictCode.InputLengthsUnknown, $"the server did not count the input of {summary.InputsUncounted} of {ended} requests");
        }

        if (summary.TokenTimesUnknown > MaxFailuresRatio * ended)
        {
            yield return Reason(
                VerdictCode.TokenTimesUnknown,
                $"{summary.TokenTimesUnknown} of {ended} requests had chunks of an unknown number of tokens: their token gaps are left out");
        }
    }

    private static IEnumerable<VerdictReason> OfClient(LoadSummary summary, ClientUsage usage)
    {
        double? lag = summary.ScheduleLags.PercentileSeconds(99);
        if (lag > LargestLagSeconds)
        {
            yield return Reason(VerdictCode.ClientLag, $"the client sent late: p99 {lag * 1e3:F1} ms, limit {LargestLagSeconds * 1e3:F0} ms");
        }

        double? receive = usage.Reading.ReceiveLags?.PercentileSeconds(99);
        double limit = Math.Clamp(
            MaxReceiveLagOfGap * summary.MedianGapSeconds ?? LargestReceiveLagSeconds, MinReceiveLagSeconds, LargestReceiveLagSeconds);
        if (receive > limit)
        {
            yield return Reason(
                VerdictCode.ClientReceiveLag, $"the client read late: p99 {receive * 1e3:F1} ms, limit {limit * 1e3:F1} ms (half a token gap)");
        }

        if (usage.ReaderBusyRatio > MaxReaderBusyRatio || usage.CpuCores > MaxReaderBusyRatio * Environment.ProcessorCount)
        {
            string busy = usage.ReaderBusyRatio is { } ratio ? $"{ratio:P0}" : "unknown";
            yield return Reason(
                VerdictCode.ClientCpu, $"the client was the limit: busiest reader {busy}, {usage.CpuCores:F2} of {Environment.ProcessorCount} cores");
        }

        if (usage.GcPauseRatio > MaxGcPauseRatio)
        {
            yield return Reason(VerdictCode.ClientGc, $"the client stood still for {usage.GcPauseRatio:P1} of the time, limit {MaxGcPauseRatio:P0}");
        }
    }

    private static bool IsOff(long counted, long asked, double limit) => Math.Abs(counted - asked) > limit * asked;

    private static VerdictReason Reason(VerdictCode code, FormattableString message) =>
        new(code, message.ToString(CultureInfo.InvariantCulture));
}
