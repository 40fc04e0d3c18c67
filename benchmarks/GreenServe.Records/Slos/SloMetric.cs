namespace GreenServe.Records.Slos;

/// <summary>A latency that an SLO limits.</summary>
public enum SloMetric
{
    /// <summary>First token - issued.</summary>
    Ttft,

    /// <summary>Time between consecutive tokens of one request.</summary>
    Tbt,

    /// <summary>(Completed - first token) / (output tokens - 1).</summary>
    Tpot,

    /// <summary>Completed - issued.</summary>
    E2e,
}
