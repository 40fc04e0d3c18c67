using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Estimates;

namespace GreenServe.Simulation.Policies.Planners;

/// <summary>
/// Load and mean lengths of past periods. Their mean over some periods predicts the next one. With one period the load is predicted to stay
/// as it is.
/// </summary>
/// <param name="periods">Number of periods that the prediction is the mean of, at least 1.</param>
internal sealed class ObservedTraffic(int periods)
{
    private readonly ArrivalCounts arrivals = new();
    private readonly Queue<double> rates = new();
    private long prompts;
    private long promptTokens;
    private long answers;
    private long answerTokens;

    /// <summary>Mean lengths of the requests of the last period that had some; <c>null</c> before the first request.</summary>
    internal RequestLengths? Lengths { get; private set; }

    /// <summary>Predicted load of the next period, in requests per second; 0 before the first period has ended.</summary>
    internal double RequestsPerSecond => rates.Count == 0 ? 0 : rates.Average();

    /// <summary>Counts a request that arrives.</summary>
    internal void Arrive(in RequestView request)
    {
        prompts++;
        promptTokens += request.InputTokens;
        Lengths ??= new RequestLengths(request.InputTokens, Math.Max(1, request.PredictedOutputTokens));
    }

    /// <summary>Counts the answer of a request that is completed.</summary>
    internal void Complete(in RequestEvent completed)
    {
        answers++;
        answerTokens += completed.OutputTokens;
    }

    /// <summary>Ends a period.</summary>
    /// <param name="cluster">The cluster, which counts the requests that have arrived.</param>
    /// <param name="seconds">Length of the period, in seconds.</param>
    internal void EndPeriod(IClusterView cluster, double seconds)
    {
        rates.Enqueue(arrivals.SinceLast(cluster.ArrivedRequests).Sum() / seconds);
        if (rates.Count > periods)
        {
            rates.Dequeue();
        }

        if (Lengths is { } known)
        {
            Lengths = new RequestLengths(
                prompts == 0 ? known.InputTokens : Math.Max(1, (int)(promptTokens / prompts)),
                answers == 0 ? known.OutputTokens : Math.Max(1, (int)(answerTokens / answers)));
        }

        (prompts, promptTokens, answers, answerTokens) = (0, 0, 0, 0);
    }
}
