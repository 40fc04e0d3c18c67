namespace GreenServe.Simulation.Validation;

/// <summary>One published operating point: what was run, and what was measured. Text as in the file; <c>null</c> where it says nothing.</summary>
public sealed record MeasuredPoint
{
    /// <summary>Its identifier in the file.</summary>
    public required string Id { get; init; }

    /// <summary>Where it was published.</summary>
    public required string Source { get; init; }

    /// <summary><c>validation</c>, or one of the calibration splits: constants may be fitted on those alone.</summary>
    public required string Split { get; init; }

    /// <summary>Artifact of the experiment it belongs to; <c>null</c> for a published point.</summary>
    public string? Experiment { get; init; }

    /// <summary>Accelerator.</summary>
    public required string Gpu { get; init; }

    /// <summary>Model.</summary>
    public required string Model { get; init; }

    /// <summary>Number format; empty where the source does not say.</summary>
    public string Precision { get; init; } = "";

    /// <summary>Accelerators that share each layer.</summary>
    public int? TensorParallelism { get; init; }

    /// <summary>Load, for example <c>concurrency 16</c>.</summary>
    public string Load { get; init; } = "";

    /// <summary>Prompt length (tokens).</summary>
    public double? InputTokens { get; init; }

    /// <summary>Output length (tokens), a mean where lengths vary.</summary>
    public double? OutputTokens { get; init; }

    /// <summary>Locked clock (MHz).</summary>
    public double? ClockMegahertz { get; init; }

    /// <summary>Engine and its version.</summary>
    public string Stack { get; init; } = "";

    /// <summary>Time to first token (s).</summary>
    public double? TtftSeconds { get; init; }

    /// <summary>Time between tokens (s).</summary>
    public double? TbtSeconds { get; init; }

    /// <summary>Output tokens per second of the instance.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>Power of all accelerators of the instance (W).</summary>
    public double? Watts { get; init; }

    /// <summary>Energy of an output token (J).</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>Line in the file.</summary>
    public int Line { get; init; }

    /// <summary>Whether constants may be fitted on it.</summary>
    public bool IsForCalibration => Split.StartsWith("calibration", StringComparison.Ordinal);

    /// <summary>The value of a metric; <c>null</c> where it was not measured.</summary>
    public double? Value(PointMetric metric) => metric switch
    {
        PointMetric.Ttft => TtftSeconds,
        PointMetric.Tbt => TbtSeconds,
        PointMetric.Throughput => OutputTokensPerSecond,
        PointMetric.Watts => Watts,
        _ => JoulesPerOutputToken,
    };
}
