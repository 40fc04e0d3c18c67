namespace GreenServe.Analysis.Metrics;

/// <summary>One request class of a run.</summary>
public sealed record ClassMetrics
{
    /// <summary>Name of the class, for example <c>SM</c>.</summary>
    public required string Class { get; init; }

    /// <summary>How its requests ended.</summary>
    public required RequestCounts Counts { get; init; }

    /// <summary>Its latencies.</summary>
    public required Latencies Latencies { get; init; }

    /// <summary>It against the SLO; <c>null</c> where the run has none.</summary>
    public SloOutcome? Slo { get; init; }

    /// <summary>Mean energy attributed to a completed request (J).</summary>
    public required Reading AttributedJoulesPerRequest { get; init; }
}
