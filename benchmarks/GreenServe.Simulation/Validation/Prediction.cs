namespace GreenServe.Simulation.Validation;

/// <summary>What the simulator says a measured point should have shown.</summary>
/// <param name="TtftSeconds">Time to first token (s).</param>
/// <param name="TbtSeconds">Time between tokens (s).</param>
/// <param name="OutputTokensPerSecond">Output tokens per second.</param>
/// <param name="Watts">Power of all accelerators (W).</param>
/// <param name="JoulesPerOutputToken">Energy of an output token (J).</param>
/// <param name="QueueingShare">Share of the time to first token that requests spent waiting behind others.</param>
public sealed record Prediction(
    double TtftSeconds, double TbtSeconds, double OutputTokensPerSecond, double Watts, double JoulesPerOutputToken, double QueueingShare)
{
    /// <summary>The value of a metric.</summary>
    public double Value(PointMetric metric) => metric switch
    {
        PointMetric.Ttft => TtftSeconds,
        PointMetric.Tbt => TbtSeconds,
        PointMetric.Throughput => OutputTokensPerSecond,
        PointMetric.Watts => Watts,
        _ => JoulesPerOutputToken,
    };
}
