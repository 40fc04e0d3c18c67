using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Simulates a scenario and reads from it what its source would have reported.</summary>
internal sealed class PointPredictor : ISimulationSink
{
    private readonly List<StepStretch> stretches = [];
    private readonly List<RequestOutcome> outcomes = [];

    private PointPredictor()
    {
    }

    internal static Prediction Predict(PointScenario scenario)
    {
        PointPredictor sink = new();
        SimulationSummary summary = SimulatedRun.Execute(scenario.Schedule, scenario.System, sink);
        return scenario.Load.Kind switch
        {
            PointLoadKind.Batch => sink.Whole(scenario, summary),
            PointLoadKind.WholeRun => sink.FirstToLast(summary),
            _ => sink.Steady(scenario),
        };
    }

    public void Add(in StepStretch stretch) => stretches.Add(stretch);

    public void Add(in RequestOutcome outcome) => outcomes.Add(outcome);

    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
    }

    /// <summary>All requests together: the first token of a batch comes when its last prompt is done.</summary>
    private Prediction Whole(PointScenario scenario, SimulationSummary summary)
    {
        double tokens = outcomes.Sum(outcome => (double)outcome.OutputTokens);
        double first = outcomes.Max(outcome => outcome.FirstTokenSeconds!.Value);
        double tbt = outcomes.Average(outcome => (outcome.CompletedSeconds!.Value - first) / Math.Max(1, outcome.OutputTokens - 1));
        return new Prediction(
            first, tbt, tokens / summary.DurationSeconds, summary.TotalJoules / summary.DurationSeconds, summary.TotalJoules / tokens, 0);
    }

    /// <summary>Ramp and tail included; all requests wait in one queue, so that the time to first token is queueing.</summary>
    private Prediction FirstToLast(SimulationSummary summary)
    {
        double tokens = outcomes.Sum(outcome => (double)outcome.OutputTokens);
        double tbt = outcomes.Average(outcome => (outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds!.Value) / Math.Max(1, outcome.OutputTokens - 1));
        double ttft = outcomes.Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
        return new Prediction(
            ttft, tbt, tokens / summary.DurationSeconds, summary.TotalJoules / summary.DurationSeconds, summary.TotalJoules / tokens, QueueingShare: 1);
    }

    /// <summary>From when every user has had one request until the last request was sent.</summary>
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
                EngineStep step = stretch.Step(index);
                if (step.StartSeconds >= start && step.StartSeconds + step.DurationSeconds <= end)
                {
                    joules += step.EnergyJoules!.Value;
                    tokens += step.DecodeSequences;
                    if (step.DecodeSequences > 0)
                    {
                        gaps.Add(step.DurationSeconds, step.DecodeSequences);
                    }
                }
            }
        }

        RequestOutcome[] counted = [.. outcomes.Where(outcome => outcome.IssuedSeconds >= start)];
        tokens += counted.Count(outcome => outcome.FirstTokenSeconds <= end);

        // Benchmarks send the first request of every user at once and count it: a tenth of the mean is that burst.
        double ttft = outcomes.Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
        bool median = scenario.Point.Stack.StartsWith("vLLM 2025", StringComparison.Ordinal);
        double tbt = median
            ? gaps.PercentileSeconds(50)!.Value
            : counted.Average(outcome => (outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds!.Value) / Math.Max(1, outcome.OutputTokens - 1));
        return new Prediction(ttft, tbt, tokens / (end - start), joules / (end - start), joules / tokens, QueueingShare(scenario, counted, ttft));
    }

    private static double QueueingShare(PointScenario scenario, RequestOutcome[] counted, double ttft)
    {
        StepModel model = scenario.System.StepModel();
        double alone = scenario.System.Engine.FrontEndSeconds
            + counted.Average(outcome => model.Cost(StepShape.Prefill(outcome.Request.InputTokens, 0, completesPrompt: true)).Seconds);
        return Math.Max(0, 1 - (alone / ttft));
    }
}
