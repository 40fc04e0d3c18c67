namespace GreenServe.Simulation.Validation;

/// <summary>The metrics that the simulator predicts for a measured point.</summary>
/// <param name="TtftSeconds">Mean time to first token, in seconds.</param>
/// <param name="TbtSeconds">Time between tokens, in seconds; <c>null</c> where no request has two tokens.</param>
/// <param name="OutputTokensPerSecond">Output tokens of the instance per second.</param>
/// <param name="Watts">Power of all accelerators of the instance, in watts.</param>
/// <param name="JoulesPerOutputToken">Energy of an output token, in joules.</param>
/// <param name="QueueingShare">Share of the time to first token that requests wait behind others, from 0 to 1.</param>
public sealed record Prediction(
    double TtftSeconds,
    double? TbtSeconds,
    double OutputTokensPerSecond,
    double Watts,
    double JoulesPerOutputToken,
    double QueueingShare)
{
    /// <summary>The value of a metric; <c>null</c> where the point has none.</summary>
    /// <param name="metric">The metric.</param>
    public double? Value(PointMetric metric) => metric switch
    {
        PointMetric.Ttft => TtftSeconds,
        PointMetric.Tbt => TbtSeconds,
        PointMetric.Throughput => OutputTokensPerSecond,
        PointMetric.Watts => Watts,
        _ => JoulesPerOutputToken,
    };
}
