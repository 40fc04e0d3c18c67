using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Simulates a scenario and computes the metrics that its source would have reported.</summary>
internal sealed class PointPredictor : ISimulationSink
{
    private readonly List<StepStretch> stretches = [];
    private readonly List<RequestOutcome> outcomes = [];

    private PointPredictor()
    {
    }

    /// <summary>Predicts the metrics of a scenario.</summary>
    internal static Prediction Predict(PointScenario scenario)
    {
        PointPredictor sink = new();
        SimulationSummary summary = SimulatedRun.Execute(scenario.Schedule, scenario.System, sink);
        return scenario.Load.Kind switch
        {
            PointLoadKind.Batch => sink.Whole(summary),
            PointLoadKind.WholeRun => sink.FirstToLast(summary),
            _ => sink.Steady(scenario),
        };
    }

    /// <inheritdoc />
    public void Add(in StepStretch stretch) => stretches.Add(stretch);

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome) => outcomes.Add(outcome);

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
    }

    /// <summary>Metrics of one batch of requests. Its first token counts from the moment when its last prompt is complete.</summary>
    private Prediction Whole(SimulationSummary summary)
    {
        double first = outcomes.Max(outcome => outcome.FirstTokenSeconds!.Value);
        double tbt = outcomes.Average(outcome => (outcome.CompletedSeconds!.Value - first) / Math.Max(1, outcome.OutputTokens - 1));
        return OfWholeRun(summary, first, tbt, queueingShare: 0);
    }

    /// <summary>
    /// Metrics from the first to the last request. All requests wait in one queue, so that the time to first token is queueing.
    /// </summary>
    private Prediction FirstToLast(SimulationSummary summary)
    {
        double tbt = outcomes.Average(MeanTokenGap);
        double ttft = outcomes.Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
        return OfWholeRun(summary, ttft, tbt, queueingShare: 1);
    }

    private Prediction OfWholeRun(SimulationSummary summary, double ttftSeconds, double tbtSeconds, double queueingShare)
    {
        double tokens = outcomes.Sum(outcome => (double)outcome.OutputTokens);
        return new Prediction(
            ttftSeconds,
            tbtSeconds,
            tokens / summary.DurationSeconds,
            summary.TotalJoules / summary.DurationSeconds,
            summary.TotalJoules / tokens,
            queueingShare);
    }

    /// <summary>Mean time between the tokens of a completed request, in seconds; 0 for a request of one token.</summary>
    private static double MeanTokenGap(RequestOutcome outcome) =>
        (outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds!.Value) / Math.Max(1, outcome.OutputTokens - 1);

    /// <summary>Metrics from the moment when every user has completed one request to the last request sent.</summary>
    private Prediction Steady(PointScenario scenario)
    {
        int users = scenario.Schedule.Concurrency!.Value;
        double start = outcomes.Select(outcome => outcome.CompletedSeconds!.Value).Order().ElementAt(users - 1);
        double end = outcomes.Max(outcome => outcome.IssuedSeconds);
        double joules = 0;
        double tokens = 0;
        LatencyHistogram gaps = new();
        foreach (StepStretch stretch in stretches)
        {
            for (int index = 0; index < stretch.Count; index++)
            {
                double from = stretch.StartSeconds + stretch.StepSeconds.Sum(index);
                double length = stretch.StepSeconds.At(index);
                if (from >= start && from + length <= end)
                {
                    joules += stretch.StepJoules.At(index);
                    int sequences = stretch.Work?.DecodeSequences ?? 0;
                    tokens += sequences;
                    if (sequences > 0)
                    {
                        gaps.Add(length, sequences);
                    }
                }
            }
        }

        RequestOutcome[] counted = [.. outcomes.Where(outcome => outcome.IssuedSeconds >= start)];
        tokens += counted.Count(outcome => outcome.FirstTokenSeconds <= end);

        // Benchmarks send the first request of every user at once and count it. About a tenth of the mean is that burst.
        double ttft = outcomes.Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
        bool median = scenario.Point.Stack?.StartsWith("vLLM 2025", StringComparison.Ordinal) ?? false;
        double tbt = median
            ? gaps.PercentileSeconds(50)!.Value
            : counted.Average(MeanTokenGap);
        double seconds = end - start;
        return new Prediction(ttft, tbt, tokens / seconds, joules / seconds, joules / tokens, QueueingShare(scenario, counted, ttft));
    }

    /// <summary>Share of the mean time to first token that exceeds the time of a request served alone.</summary>
    private static double QueueingShare(PointScenario scenario, RequestOutcome[] counted, double ttft)
    {
        StepModel model = scenario.System.StepModel();
        double alone = scenario.System.EngineHere.FrontEndSeconds
            + counted.Average(outcome =>
                model.Cost(StepShape.Prefill(outcome.Request.InputTokens, offset: 0, completesPrompt: true)).Seconds);
        return Math.Max(0, 1 - (alone / ttft));
    }
}
