using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Keeps sums and histograms of a simulation, and nothing for each request, so that a million requests take a few hundred kilobytes.
/// </summary>
/// <param name="warmUpSeconds">
/// End of the warm-up, in seconds from the start of the run. Latencies and tokens of requests scheduled before it are left out, but their
/// energy is counted.
/// </param>
public sealed class SimulationAggregate(double warmUpSeconds = 0) : ISimulationSink
{
    private readonly SortedDictionary<string, LatencyHistogram> gaps = new(StringComparer.Ordinal);

    /// <summary>Time to first token of completed requests, from the moment when they were issued.</summary>
    public LatencyHistogram Ttft { get; } = new();

    /// <summary>End-to-end time of completed requests, from the moment when they were issued.</summary>
    public LatencyHistogram E2e { get; } = new();

    /// <summary>Gaps between tokens of completed requests, by name of the request class.</summary>
    public IReadOnlyDictionary<string, LatencyHistogram> TokenGaps => gaps;

    /// <summary>Number of completed requests.</summary>
    public long Completed { get; private set; }

    /// <summary>Number of requests that were unfinished when the run ended, including those of the warm-up.</summary>
    public long Cancelled { get; private set; }

    /// <summary>Number of input tokens of completed requests.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Number of output tokens of completed requests.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>Energy charged to requests, including those of the warm-up, in joules.</summary>
    public double RequestJoules { get; private set; }

    /// <summary>The part of <see cref="RequestJoules"/> that prompts used, in joules.</summary>
    public double PrefillJoules { get; private set; }

    /// <summary>Energy of all steps and of idle time, in joules.</summary>
    public double TotalJoules { get; private set; }

    /// <summary>Energy of idle time, in joules.</summary>
    public double IdleJoules { get; private set; }

    /// <summary>Time in steps and idle stretches, summed over replicas, in seconds.</summary>
    public double CoveredSeconds { get; private set; }

    /// <summary>Number of prompt tokens that steps processed, including those computed again after a preemption.</summary>
    public long PrefillTokens { get; private set; }

    /// <summary>Number of tokens that decoding generated. The first token of a request comes from its prompt and is not counted.</summary>
    public long DecodeTokens { get; private set; }

    /// <summary>Largest mean power of any step, in watts.</summary>
    public double PeakWatts { get; private set; }

    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        double joules = stretch.Joules;
        TotalJoules += joules;
        IdleJoules += stretch.IsIdle ? joules : 0;
        CoveredSeconds += stretch.Seconds;
        PeakWatts = Math.Max(PeakWatts, stretch.PeakWatts);
        if (stretch.Work is { } work)
        {
            PrefillTokens += (long)work.PrefillTokens * stretch.Count;
            DecodeTokens += (long)work.DecodeSequences * stretch.Count;
        }
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        RequestJoules += outcome.EnergyJoules;
        PrefillJoules += outcome.PrefillEnergyJoules;
        if (outcome.Status != RequestStatus.Completed)
        {
            Cancelled++;
            return;
        }

        if (outcome.Request.ScheduledSeconds < warmUpSeconds)
        {
            return;
        }

        Completed++;
        InputTokens += outcome.Request.InputTokens;
        OutputTokens += outcome.OutputTokens;
        Ttft.Add(outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
        E2e.Add(outcome.CompletedSeconds!.Value - outcome.IssuedSeconds);
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => this.gaps[requestClass] = gaps;
}
