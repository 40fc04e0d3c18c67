using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;

namespace GreenServe.Tests.Search.Advising.Proof;

/// <summary>The energy of an output token and some tails of latencies, in a tenth of the time that a record takes.</summary>
/// <param name="fromSeconds">End of the warm-up.</param>
/// <param name="toSeconds">Last arrival; infinite in a closed loop.</param>
internal sealed class ExhaustiveSink(double fromSeconds, double toSeconds) : ISimulationSink
{
    private readonly List<double> ttft = [];
    private readonly List<double> e2e = [];
    private readonly LatencyHistogram gaps = new();
    private double joules;
    private double tokens;
    private bool isUnserved;

    /// <summary>Energy of an output token between warm-up and last arrival (J), the tails (s) in the order of the names.</summary>
    internal double[] Row => isUnserved || ttft.Count == 0
        ? [double.PositiveInfinity, .. Enumerable.Repeat(double.PositiveInfinity, TailNames.Length)]
        :
        [
            joules / tokens, Tail(ttft, 0.99), Tail(ttft, 0.9), gaps.PercentileSeconds(99) ?? 0, gaps.PercentileSeconds(90) ?? 0,
            Tail(e2e, 0.99),
        ];

    internal static string[] TailNames { get; } = ["TTFT p99", "TTFT p90", "TBT p99", "TBT p90", "E2E p99"];

    public void Add(in StepStretch stretch)
    {
        double length = stretch.Seconds;
        double overlap = Math.Min(toSeconds, stretch.StartSeconds + length) - Math.Max(fromSeconds, stretch.StartSeconds);
        if (overlap > 0 && length > 0)
        {
            joules += stretch.Joules * (overlap / length);
            tokens += stretch.Count * (stretch.Work?.DecodeSequences ?? 0) * (overlap / length);
        }
    }

    public void Add(in RequestOutcome outcome)
    {
        isUnserved |= outcome.Status != RequestStatus.Completed;
        if (!isUnserved && outcome.Request.ScheduledSeconds >= fromSeconds)
        {
            tokens += outcome.FirstTokenSeconds <= toSeconds ? 1 : 0;
            ttft.Add(outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
            e2e.Add(outcome.CompletedSeconds!.Value - outcome.IssuedSeconds);
        }
    }

    public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => this.gaps.Add(gaps);

    private static double Tail(List<double> values, double share)
    {
        values.Sort();
        return values[(int)Math.Ceiling(share * values.Count) - 1];
    }
}
