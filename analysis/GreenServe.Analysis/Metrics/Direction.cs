namespace GreenServe.Analysis.Metrics;

/// <summary>Which way of a metric is good.</summary>
public enum Direction
{
    /// <summary>Less is better (latency, energy).</summary>
    Lower,

    /// <summary>More is better (throughput, attainment).</summary>
    Higher,

    /// <summary>Neither: it describes.</summary>
    Neither,
}
