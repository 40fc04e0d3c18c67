using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Capacity;

/// <summary>Counts what of a simulated run is within the limits of an SLO, and its mean power and load in a window.</summary>
/// <param name="limits">The SLO.</param>
/// <param name="fromSeconds">
/// Begin of the window, in seconds from the start of the run. Requests scheduled before it are not judged.
/// </param>
/// <param name="toSeconds">End of the window, in seconds from the start of the run.</param>
internal sealed class SloJudge(SloByClass limits, double fromSeconds, double toSeconds) : ISimulationSink
{
    private readonly long[] within = new long[limits.Profile.Limits.Count];
    private readonly long[] judged = new long[limits.Profile.Limits.Count];
    private double joules;
    private double residenceSeconds;
    private long completed;
    private long unfinished;

    /// <summary>Mean power in the window, in watts.</summary>
    internal double MeanWatts => joules / (toSeconds - fromSeconds);

    /// <summary>Mean time from sending a request to its last token, in seconds; 0 if none was completed.</summary>
    internal double MeanSeconds => completed > 0 ? residenceSeconds / completed : 0;

    /// <summary>Whether every request was completed and every limit holds at its percentile.</summary>
    internal bool IsMet => unfinished == 0 && limits.Profile.Limits.Index().All(item =>
        within[item.Index] >= (item.Item.Percentile / 100 * judged[item.Index]) - 1e-9);

    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        double length = stretch.Seconds;
        double overlap = Math.Min(toSeconds, stretch.StartSeconds + length) - Math.Max(fromSeconds, stretch.StartSeconds);
        joules += overlap > 0 && length > 0 ? stretch.Joules * (overlap / length) : 0;
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        if (outcome.Status != RequestStatus.Completed)
        {
            unfinished++;
            return;
        }

        if (outcome.Request.ScheduledSeconds < fromSeconds)
        {
            return;
        }

        double ttft = outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds;
        double e2e = outcome.CompletedSeconds!.Value - outcome.IssuedSeconds;
        completed++;
        residenceSeconds += e2e;
        for (int limit = 0; limit < within.Length; limit++)
        {
            double? latency = limits.Profile.Limits[limit].Metric switch
            {
                SloMetric.Ttft => ttft,
                SloMetric.E2e => e2e,
                SloMetric.Tpot when outcome.OutputTokens > 1 => (e2e - ttft) / (outcome.OutputTokens - 1),
                _ => null,
            };
            Judge(limit, outcome.Request.Class, latency);
        }
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
        RequestClass own = RequestClass.TryParse(requestClass, out RequestClass found) ? found : default;
        for (int limit = 0; limit < within.Length; limit++)
        {
            if (limits.Profile.Limits[limit].Metric == SloMetric.Tbt && limits.Seconds(limit, own) is { } allowed)
            {
                foreach ((int bin, long count) in gaps.Bins)
                {
                    judged[limit] += count;
                    within[limit] += gaps.MeanSeconds(bin) <= allowed ? count : 0;
                }
            }
        }
    }

    private void Judge(int limit, RequestClass requestClass, double? latencySeconds)
    {
        if (latencySeconds is { } latency && limits.Seconds(limit, requestClass) is { } allowed)
        {
            judged[limit]++;
            within[limit] += latency <= allowed ? 1 : 0;
        }
    }
}
