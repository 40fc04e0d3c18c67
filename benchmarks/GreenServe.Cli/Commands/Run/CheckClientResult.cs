using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Serving.Load;
using GreenServe.Serving.Truth;

namespace GreenServe.Cli.Commands.Run;

/// <summary>One truth test.</summary>
/// <param name="Streams">Streams at once.</param>
/// <param name="Truth">The client's times against the server's.</param>
/// <param name="Outcome">What the load generator says of itself.</param>
/// <param name="ServerCores">Processor time of the server over time passed.</param>
internal sealed record CheckClientResult(int Streams, TruthComparison Truth, LoadOutcome Outcome, double ServerCores)
{
    private const double LargestMeanFirstTokenErrorSeconds = 0.002;
    private const double LargestGapErrorSeconds = 0.001;

    /// <summary>Whether the machine drove this load honestly: every token there, times right.</summary>
    internal bool IsHonest =>
        Truth.TokensMissing == 0
        && Failed == 0
        && Truth.Tokens > 0
        && MeanFirstTokenErrorSeconds <= LargestMeanFirstTokenErrorSeconds
        && Truth.GapErrors.PercentileSeconds(99) <= LargestGapErrorSeconds;

    internal double MeanFirstTokenErrorSeconds =>
        Truth.FirstTokenErrors.Count > 0 ? Truth.FirstTokenErrors.SumSeconds / Truth.FirstTokenErrors.Count : double.NaN;

    internal double MeanSendDelaySeconds => Truth.SendDelays.Count > 0 ? Truth.SendDelays.SumSeconds / Truth.SendDelays.Count : double.NaN;

    internal double Failed => Truth.Requests - Outcome.Counters.GetValueOrDefault($"requests_{EnumText.Of(RequestStatus.Completed)}");

    internal static string Limits =>
        $"mean TTFT error at most {LargestMeanFirstTokenErrorSeconds * 1e3:F0} ms, TBT error p99 at most {LargestGapErrorSeconds * 1e3:F0} ms, no token missing";
}
