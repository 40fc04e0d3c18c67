using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Validation;

/// <summary>A measured point with its prediction, or with the reason why it was skipped.</summary>
/// <param name="Point">The measured point.</param>
/// <param name="Engine">
/// Name of the engine profile of the simulation; <c>null</c> for a point that was skipped before one was chosen.
/// </param>
/// <param name="Prediction">The prediction of the simulator; <c>null</c> for a skipped point.</param>
/// <param name="Skipped">The reason why the point was skipped; <c>null</c> for a point with a prediction.</param>
public sealed record PointResult(MeasuredPoint Point, string? Engine, Prediction? Prediction, string? Skipped)
{
    /// <summary>Where the simulated point lies among all settings; <c>null</c> for a skipped point.</summary>
    public SimulatedSetting? Setting { get; init; }

    /// <summary>The simulated system of a run record; <c>null</c> for other points and for a skipped one.</summary>
    internal SimulatedSystem? System { get; init; }

    /// <summary>
    /// How the engine's host work was scaled to the host of a measured run, or why it was not; <c>null</c> where the run does not say how
    /// fast its host was.
    /// </summary>
    public string? HostScaling { get; init; }

    /// <summary>
    /// Largest share of the time to first token that may be queueing where it is compared. The length of a queue depends on how the load
    /// began, which sources do not report.
    /// </summary>
    public const double MaxQueueingShare = 0.5;

    /// <summary>Whether requests wait behind others for more than <see cref="MaxQueueingShare"/> of their time to first token.</summary>
    public bool IsQueueing => Prediction is { } prediction && prediction.QueueingShare > MaxQueueingShare;

    /// <summary>
    /// Whether a metric can be compared: it was measured and predicted, and it is not a time to first token that is mostly queueing.
    /// </summary>
    /// <param name="metric">The metric.</param>
    public bool Compares(PointMetric metric) =>
        Prediction?.Value(metric) is not null && Point.Value(metric) is not null && !(metric == PointMetric.Ttft && IsQueueing);

    /// <summary>Relative error of a metric: predicted over measured value, less 1. <see cref="Compares"/> must hold.</summary>
    /// <param name="metric">The metric.</param>
    public double ErrorRatio(PointMetric metric) => (Prediction!.Value(metric)!.Value / Point.Value(metric)!.Value) - 1;
}
