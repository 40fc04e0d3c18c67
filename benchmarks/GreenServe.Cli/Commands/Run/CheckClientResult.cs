using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;

namespace GreenServe.Cli.Commands.Run;

/// <summary>How accurate the client's times were under one load.</summary>
/// <param name="Streams">Number of streams at the same time.</param>
/// <param name="Accuracy">The client's times against the server's send log.</param>
/// <param name="Outcome">What the load generator says of itself.</param>
/// <param name="ServerCores">Processor time of the server over the time that passed, in cores.</param>
internal sealed record CheckClientResult(int Streams, ClientAccuracyComparison Accuracy, LoadOutcome Outcome, double ServerCores)
{
    /// <summary>
    /// Largest mean error of the time to first token, in seconds. It is below 1 % of the tightest TTFT limit of the SLO profiles, 250 ms.
    /// </summary>
    private const double MaxMeanFirstTokenErrorSeconds = 0.002;

    /// <summary>Largest 99th percentile of the error of a gap, in seconds. It is 1 % of the usual limit of the TBT, 100 ms.</summary>
    private const double MaxGapErrorSeconds = 0.001;

    private const double GapErrorPercentile = 99;

    /// <summary>
    /// Whether the machine drove this load honestly: no token is missing, no request failed, the times are right, and a run under this load
    /// would not be INVALID by the client's fault.
    /// </summary>
    internal bool IsHonest => TimesAreRight && AgainstClient is null;

    /// <summary>The first reason against the client that a run would have; <c>null</c> if it has none.</summary>
    internal VerdictReason? AgainstClient => Outcome.Reasons.FirstOrDefault(reason => reason.Subject == VerdictSubject.Client);

    /// <summary>Whether nothing is missing and the times agree with the server's send log.</summary>
    internal bool TimesAreRight =>
        Accuracy.TokensMissing == 0
        && Failed == 0
        && Accuracy.Tokens > 0
        && MeanFirstTokenErrorSeconds <= MaxMeanFirstTokenErrorSeconds
        && Accuracy.GapErrors.PercentileSeconds(GapErrorPercentile) <= MaxGapErrorSeconds;

    /// <summary>
    /// Mean time from the sending of a first token to its receipt, in seconds; <c>null</c> if no request has a first token on both sides.
    /// </summary>
    internal double? MeanFirstTokenErrorSeconds => MeanSeconds(Accuracy.FirstTokenErrors);

    /// <summary>
    /// Mean time from the issue of a request to its arrival at the server, in seconds; <c>null</c> if no request arrived.
    /// </summary>
    internal double? MeanSendDelaySeconds => MeanSeconds(Accuracy.SendDelays);

    /// <summary>Largest error of a gap between tokens, in seconds; <c>null</c> if there was no gap.</summary>
    internal double? LargestGapErrorSeconds => Accuracy.GapErrors.Count > 0 ? Accuracy.GapErrors.MaxSeconds : null;

    /// <summary>Number of requests that did not complete.</summary>
    internal double Failed =>
        Accuracy.Requests - Outcome.Counters.GetValueOrDefault(RunCounter.Requests(RequestStatus.Completed).Name);

    /// <summary>The limits of <see cref="IsHonest"/> in words.</summary>
    internal static string Limits =>
        $"mean TTFT error at most {MaxMeanFirstTokenErrorSeconds * 1e3:F0} ms, "
        + $"TBT error p{GapErrorPercentile} at most {MaxGapErrorSeconds * 1e3:F0} ms, no token missing, no client-* reason of a run";

    private static double? MeanSeconds(LatencyHistogram histogram) =>
        histogram.Count > 0 ? histogram.SumSeconds / histogram.Count : null;
}
