namespace GreenServe.Simulation.Validation;

/// <summary>A measured point beside what the simulator says, or why it was skipped.</summary>
/// <param name="Point">The point.</param>
/// <param name="Engine">Engine profile used; <c>null</c> for a skipped point.</param>
/// <param name="Prediction">What the simulator says; <c>null</c> for a skipped point.</param>
/// <param name="Skipped">Why it was skipped; <c>null</c> for one that was not.</param>
public sealed record PointResult(MeasuredPoint Point, string? Engine, Prediction? Prediction, string? Skipped)
{
    /// <summary>Most of the time to first token that may be queueing for it to be compared: what a queue adds depends on how it began.</summary>
    public const double MaxQueueing = 0.5;

    /// <summary>Whether its requests spend most of their time to first token behind others.</summary>
    public bool IsQueueing => Prediction is { } prediction && prediction.QueueingShare > MaxQueueing;

    /// <summary>Whether a metric can be compared here: it was measured, and the time to first token is not queueing.</summary>
    public bool Compares(PointMetric metric) =>
        Prediction is not null && Point.Value(metric) is not null && !(metric == PointMetric.Ttft && IsQueueing);

    /// <summary>Relative error of a metric: predicted over measured, less 1. Only where <see cref="Compares"/>.</summary>
    public double Error(PointMetric metric) => (Prediction!.Value(metric) / Point.Value(metric)!.Value) - 1;
}
