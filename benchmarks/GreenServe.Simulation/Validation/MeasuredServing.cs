using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Keeps what a simulated run would have been measured by: its requests, and its energy over time.</summary>
internal sealed class MeasuredServing : ISimulationSink
{
    private readonly List<ServedRequest> requests = [];
    private readonly List<(double Start, double Seconds, double Joules)> stretches = [];

    public void Add(in StepStretch stretch) => stretches.Add((stretch.StartSeconds, stretch.Seconds, stretch.Joules));

    public void Add(in RequestOutcome outcome)
    {
        if (outcome.Status == RequestStatus.Completed)
        {
            requests.Add(new ServedRequest(outcome.IssuedSeconds, outcome.FirstTokenSeconds!.Value, outcome.CompletedSeconds!.Value, outcome.OutputTokens));
        }
    }

    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
    }

    /// <summary>What the run says where it is measured.</summary>
    /// <param name="warmUpSeconds">End of warm-up (s); 0 or less for none.</param>
    internal Prediction Predict(double warmUpSeconds)
    {
        ServedWindow window = ServedWindow.Of(requests, warmUpSeconds);
        double joules = stretches.Sum(stretch => stretch.Joules * Share(stretch.Start, stretch.Seconds, window));
        return new Prediction(
            window.TtftSeconds ?? 0,
            window.TbtSeconds ?? 0,
            window.OutputTokens / window.Seconds,
            joules / window.Seconds,
            joules / window.OutputTokens,
            QueueingShare: 0);
    }

    /// <summary>How much of a stretch lies in the window.</summary>
    private static double Share(double start, double seconds, ServedWindow window) => seconds <= 0
        ? 0
        : Math.Max(0, Math.Min(start + seconds, window.EndSeconds) - Math.Max(start, window.StartSeconds)) / seconds;
}
