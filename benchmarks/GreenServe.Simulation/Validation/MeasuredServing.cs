using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Keeps the requests of a simulated run and its energy over time, from which the run is evaluated like a measured one.</summary>
internal sealed class MeasuredServing : ISimulationSink
{
    private readonly List<ServedRequest> requests = [];
    private readonly List<(double Start, double Seconds, double Joules)> stretches = [];

    /// <inheritdoc />
    public void Add(in StepStretch stretch) => stretches.Add((stretch.StartSeconds, stretch.Seconds, stretch.Joules));

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        if (outcome.Status == RequestStatus.Completed)
        {
            requests.Add(new ServedRequest(
                outcome.IssuedSeconds, outcome.FirstTokenSeconds!.Value, outcome.CompletedSeconds!.Value, outcome.OutputTokens));
        }
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
    }

    /// <summary>Mean number of requests that decode at once from the first request to the last.</summary>
    internal double MeanRequests => requests.Count == 0
        ? 1
        : requests.Sum(request => request.CompletedSeconds - request.FirstSeconds)
            / Math.Max(double.Epsilon, requests.Max(request => request.CompletedSeconds) - requests.Min(request => request.IssuedSeconds));

    /// <summary>The metrics of the run in the window in which a measured run would be evaluated.</summary>
    /// <param name="warmUpSeconds">End of the warm-up, in seconds from the first request; 0 or less for a run without one.</param>
    internal Prediction Predict(double warmUpSeconds)
    {
        ServedWindow window = ServedWindow.Of(requests, warmUpSeconds);
        double joules = stretches.Sum(stretch => stretch.Joules * Share(stretch.Start, stretch.Seconds, window));
        return new Prediction(
            window.TtftSeconds,
            window.TbtSeconds,
            window.OutputTokens / window.Seconds,
            joules / window.Seconds,
            joules / window.OutputTokens,
            QueueingShare: 0);
    }

    /// <summary>Share of a stretch that lies in the window, from 0 to 1.</summary>
    private static double Share(double start, double seconds, ServedWindow window) => seconds <= 0
        ? 0
        : Math.Max(0, Math.Min(start + seconds, window.EndSeconds) - Math.Max(start, window.StartSeconds)) / seconds;
}
