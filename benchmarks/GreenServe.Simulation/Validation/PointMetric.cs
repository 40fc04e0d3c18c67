namespace GreenServe.Simulation.Validation;

/// <summary>A metric in which predictions are compared with measurements.</summary>
public enum PointMetric
{
    /// <summary>Mean time to first token, in seconds.</summary>
    Ttft,

    /// <summary>Time between tokens, in seconds.</summary>
    Tbt,

    /// <summary>Output tokens of the instance per second.</summary>
    Throughput,

    /// <summary>Power of all accelerators of the instance, in watts.</summary>
    Watts,

    /// <summary>Energy of an output token, in joules.</summary>
    JoulesPerToken,
}
