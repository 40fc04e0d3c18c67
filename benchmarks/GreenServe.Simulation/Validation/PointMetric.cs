namespace GreenServe.Simulation.Validation;

/// <summary>What is compared with measurements.</summary>
public enum PointMetric
{
    /// <summary>Time to first token (s).</summary>
    Ttft,

    /// <summary>Time between tokens (s).</summary>
    Tbt,

    /// <summary>Output tokens per second.</summary>
    Throughput,

    /// <summary>Power of all accelerators (W).</summary>
    Watts,

    /// <summary>Energy of an output token (J).</summary>
    JoulesPerToken,
}
