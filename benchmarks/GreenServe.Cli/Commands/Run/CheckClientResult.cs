using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;

namespace GreenServe.Cli.Commands.Run;

/// <summary>One truth test.</summary>
/// <param name="Streams">Streams at once.</param>
/// <param name="Accuracy">The client's times against the server's.</param>
/// <param name="Outcome">What the load generator says of itself.</param>
/// <param name="ServerCores">Processor time of the server over time passed.</param>
internal sealed record CheckClientResult(int Streams, ClientAccuracyComparison Accuracy, LoadOutcome Outcome, double ServerCores)
{
    private const double LargestMeanFirstTokenErrorSeconds = 0.002;
    private const double LargestGapErrorSeconds = 0.001;

    /// <summary>Whether the machine drove this load honestly: every token there, times right.</summary>
    internal bool IsHonest =>
        Accuracy.TokensMissing == 0
        && Failed == 0
        && Accuracy.Tokens > 0
        && MeanFirstTokenErrorSeconds <= LargestMeanFirstTokenErrorSeconds
        && Accuracy.GapErrors.PercentileSeconds(99) <= LargestGapErrorSeconds;

    internal double MeanFirstTokenErrorSeconds =>
        Accuracy.FirstTokenErrors.Count > 0 ? Accuracy.FirstTokenErrors.SumSeconds / Accuracy.FirstTokenErrors.Count : double.NaN;

    internal double MeanSendDelaySeconds => Accuracy.SendDelays.Count > 0 ? Accuracy.SendDelays.SumSeconds / Accuracy.SendDelays.Count : double.NaN;

    internal double Failed => Accuracy.Requests - Outcome.Counters.GetValueOrDefault(RunCounter.Requests(RequestStatus.Completed).Name);

    internal static string Limits =>
        $"mean TTFT error at most {LargestMeanFirstTokenErrorSeconds * 1e3:F0} ms, TBT error p99 at most {LargestGapErrorSeconds * 1e3:F0} ms, no token missing";
}
