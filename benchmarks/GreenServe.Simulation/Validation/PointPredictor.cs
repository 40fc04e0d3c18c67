using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation.Protocols;

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
        SimulatedRun.Execute(scenario.Schedule, scenario.System, sink);
        return sink.Predicted(scenario);
    }

    /// <inheritdoc />
    public void Add(in StepStretch stretch) => stretches.Add(stretch);

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome) => outcomes.Add(outcome);

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
    }

    private Prediction Predicted(PointScenario scenario)
    {
        (double start, double end) = WindowOf(scenario);
        if (end <= start)
        {
            // The load is too short to be steady: the whole run counts.
            (start, end) = (0, outcomes.Max(outcome => outcome.CompletedSeconds!.Value));
        }

        bool decodesWait = !scenario.System.Engine.Scheduler.MixesPrompts;
        PublishedSteps steps = PublishedSteps.Of(stretches, start, end, decodesWait);
        RequestOutcome[] counted = [.. outcomes.Where(outcome => outcome.IssuedSeconds >= start)];
        counted = counted.Length == 0 ? [.. outcomes] : counted;
        double tokens = steps.Tokens
            + outcomes.Count(outcome => outcome.FirstTokenSeconds >= start && outcome.FirstTokenSeconds <= end);
        double seconds = end - start;

        // Sources average the time to first token over all requests, those of the start included. A batch has its first token when its last
        // prompt is complete.
        bool isBatch = scenario.Load.Kind == PointLoadKind.Batch;
        double first = outcomes.Max(outcome => outcome.FirstTokenSeconds!.Value);
        double ttft = isBatch ? first : outcomes.Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds);
        double? tbt = scenario.Protocol.TokenGap switch
        {
            _ when outcomes.TrueForAll(outcome => outcome.OutputTokens < 2) => null,
            _ when isBatch => outcomes.Average(
                outcome => (outcome.CompletedSeconds!.Value - first) / Math.Max(1, outcome.OutputTokens - 1)),
            TokenGapAverage.MedianOfGaps => steps.Gaps.PercentileSeconds(50),
            TokenGapAverage.MeanOfGaps => outcomes.Sum(DecodeSeconds) / Math.Max(1, outcomes.Sum(outcome => outcome.OutputTokens - 1.0)),
            TokenGapAverage.MeanOfSteps => PublishedSteps.Of(stretches, 0, double.PositiveInfinity, decodesWait).MeanStepSeconds,
            _ => counted.Average(outcome => DecodeSeconds(outcome) / Math.Max(1, outcome.OutputTokens - 1)),
        };
        double queueing = isBatch ? 0 : QueueingShare(scenario, counted, ttft);
        return new Prediction(ttft, tbt, tokens / seconds, steps.Joules / seconds, steps.Joules / tokens, queueing);
    }

    /// <summary>The part of the run that the source counts, in seconds from its start.</summary>
    private (double Start, double End) WindowOf(PointScenario scenario)
    {
        double last = outcomes.Max(outcome => outcome.CompletedSeconds!.Value);
        if (scenario.Load.Kind == PointLoadKind.Batch)
        {
            return (0, last);
        }

        double queueIsEmpty = outcomes.Max(outcome => outcome.FirstTokenSeconds!.Value);
        return scenario.Protocol.Window switch
        {
            PublishedWindow.WholeRun => (0, last),
            PublishedWindow.UntilQueueIsEmpty => (0, queueIsEmpty),
            _ when scenario.Schedule.Concurrency is { } users => (
                outcomes.Select(outcome => outcome.CompletedSeconds!.Value).Order().ElementAt(users - 1),
                outcomes.Max(outcome => outcome.IssuedSeconds)),
            _ => FullBatch(scenario.System.MaxSequences),
        };
    }

    /// <summary>From the moment when a batch is full to the moment when as many requests as it holds are left.</summary>
    private (double Start, double End) FullBatch(int batch)
    {
        double start = outcomes.Select(outcome => outcome.FirstTokenSeconds!.Value).Order().ElementAt(batch - 1);
        double end = outcomes.Select(outcome => outcome.CompletedSeconds!.Value).Order().ElementAt(outcomes.Count - batch - 1);
        return (start, end);
    }

    /// <summary>Time from the first to the last token of a completed request, in seconds.</summary>
    private static double DecodeSeconds(RequestOutcome outcome) => outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds!.Value;

    /// <summary>
    /// Share of the mean time to first token that exceeds the time of a request served alone. It is 0 where the protocol tells how the load
    /// begins and the cache has room for all users: then every wait follows from what is known.
    /// </summary>
    private static double QueueingShare(PointScenario scenario, RequestOutcome[] counted, double ttft)
    {
        if (scenario.Protocol.Load.Start == UserStart.Together && CacheHoldsAll(scenario))
        {
            return 0;
        }

        StepModel model = scenario.System.StepModel();
        double alone = scenario.System.EngineHere.FrontEndSeconds
            + counted.Average(outcome =>
                model.Cost(StepShape.Prefill(outcome.Request.InputTokens, offset: 0, completesPrompt: true)).Seconds);
        return Math.Max(0, 1 - (alone / ttft));
    }

    private static bool CacheHoldsAll(PointScenario scenario)
    {
        int users = scenario.Schedule.Concurrency ?? scenario.Schedule.Requests.Count;
        double longest = scenario.Schedule.Requests.Max(request => (double)request.InputTokens + request.OutputTokens);
        return users * longest <= scenario.System.Limits.CapacityTokens;
    }
}
