namespace GreenServe.Simulation.Validation;

/// <summary>
/// One published operating point: what was run and what was measured. Text is as in the file, and <c>null</c> means that the file says
/// nothing.
/// </summary>
public sealed record MeasuredPoint
{
    /// <summary>The split of a point that no constant was fitted to.</summary>
    internal const string ValidationSplit = "validation";

    /// <summary>How the split of a point begins that constants may be fitted to.</summary>
    internal const string CalibrationSplit = "calibration";

    /// <summary>Identifier of the point in the file.</summary>
    public required string Id { get; init; }

    /// <summary>Publication of the point, with version and licence.</summary>
    public required string Source { get; init; }

    /// <summary><c>validation</c>, or one of the calibration splits. Constants may be fitted only to the latter.</summary>
    public required string Split { get; init; }

    /// <summary>Artifact of the experiment that a measured run belongs to; <c>null</c> for a published point.</summary>
    public string? Experiment { get; init; }

    /// <summary>
    /// Name of the run that a run record repeats, which is its own without the number of the repetition; <c>null</c> for a published point.
    /// </summary>
    public string? RepetitionOf { get; init; }

    /// <summary>Name of the accelerator; empty for a run record that names none.</summary>
    public required string Gpu { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Number format, for example <c>bf16</c>; <c>null</c> where the source does not say, which means 16 bits.</summary>
    public string? Precision { get; init; }

    /// <summary>Number of accelerators that share each layer; <c>null</c> means one.</summary>
    public int? TensorParallelism { get; init; }

    /// <summary>Load, for example <c>concurrency 16</c>; <c>null</c> where the source does not say.</summary>
    public string? Load { get; init; }

    /// <summary>Number of requests of the run; <c>null</c> where the source does not say.</summary>
    public int? Requests { get; init; }

    /// <summary>Length of the prompts, in tokens.</summary>
    public double? InputTokens { get; init; }

    /// <summary>Length of the outputs, in tokens: the mean where lengths vary.</summary>
    public double? OutputTokens { get; init; }

    /// <summary>Locked clock, in megahertz; <c>null</c> means the highest clock.</summary>
    public double? ClockMegahertz { get; init; }

    /// <summary>
    /// Clock in words where it changed during the measurement, for example <c>2842-&gt;180</c>; <c>null</c> for a locked or free clock.
    /// </summary>
    internal string? ChangingClock { get; init; }

    /// <summary>Engine and its version, for example <c>vLLM 2025</c>; <c>null</c> where the source does not say.</summary>
    public string? Stack { get; init; }

    /// <summary>
    /// Name or path of the protocol by which the source measured it; <c>null</c> for the one that its source and stack name.
    /// </summary>
    public string? Protocol { get; init; }

    /// <summary>Mean time to first token, in seconds.</summary>
    public double? TtftSeconds { get; init; }

    /// <summary>Time between tokens, in seconds.</summary>
    public double? TbtSeconds { get; init; }

    /// <summary>Output tokens of the instance per second.</summary>
    public double? OutputTokensPerSecond { get; init; }

    /// <summary>Power of all accelerators of the instance, in watts.</summary>
    public double? Watts { get; init; }

    /// <summary>Energy of an output token, in joules.</summary>
    public double? JoulesPerOutputToken { get; init; }

    /// <summary>
    /// Cells of the file with words in place of numbers, which count as not reported, for example <c>in_tokens '~380 inferred'</c>; empty
    /// where there are none.
    /// </summary>
    internal string WordsForNumbers { get; init; } = "";

    /// <summary>Line in the file, from 1; <c>null</c> for a point that is not from a file.</summary>
    public int? Line { get; init; }

    /// <summary>Whether constants may be fitted to the point.</summary>
    public bool IsForCalibration => Split.StartsWith(CalibrationSplit, StringComparison.Ordinal);

    /// <summary>The value of a metric; <c>null</c> where it was not measured.</summary>
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
