using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Energy of one window as one meter measured it, with its error bound; or the reason why it was not measured.</summary>
/// <remarks>
/// Two runs on the same device share its gain error, which cancels in their ratio. Their edge errors do not cancel.
/// </remarks>
public sealed record EnergyReading
{
    /// <summary>Name of the meter.</summary>
    public required string Meter { get; init; }

    /// <summary>What the joules cover.</summary>
    public required MeterScope Scope { get; init; }

    /// <summary>The device that the meter reads; <c>null</c> where it is not known.</summary>
    public string? Device { get; init; }

    /// <summary>How the energy was obtained, in words.</summary>
    public required string Method { get; init; }

    /// <summary>Beginning of the window (s from the start of the run).</summary>
    public required double StartSeconds { get; init; }

    /// <summary>End of the window (s from the start of the run).</summary>
    public required double EndSeconds { get; init; }

    /// <summary>Energy in the window (J); <c>null</c> if not measured.</summary>
    public double? Joules { get; init; }

    /// <summary>Bound on the error of both edges of the window together (J); <c>null</c> if not measured.</summary>
    public double? EdgeErrorJoules { get; init; }

    /// <summary>Gain error of the sensor as a share (0.05 = ±5 %); <c>null</c> if no source states one.</summary>
    public double? GainErrorRatio { get; init; }

    /// <summary>Whether the energy was estimated by a power model instead of a meter.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>The reason why the energy was not measured; <c>null</c> if it was.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>
    /// Error bound (J): edge error plus gain error, or the edge error alone without a stated gain error; <c>null</c> if not
    /// measured.
    /// </summary>
    public double? ErrorJoules => EdgeErrorJoules + ((GainErrorRatio ?? 0) * Joules);

    /// <summary>Mean power over the window (W); <c>null</c> if not measured.</summary>
    public double? MeanWatts => Joules / (EndSeconds - StartSeconds);

    /// <summary>
    /// Energy per item with its error, such as J per token or J per request; <c>null</c> if not measured or the count is not
    /// positive.
    /// </summary>
    /// <param name="count">Number of items in the window.</param>
    public ErrorBounded? Per(double count) =>
        Joules is { } joules && count > 0 ? new ErrorBounded(joules / count, ErrorJoules!.Value / count) : null;

    internal static EnergyReading Of(MeterDescription meter, double startSeconds, double endSeconds) => new()
    {
        Meter = meter.Name,
        Scope = meter.Scope,
        Device = meter.Device,
        Method = meter.Method,
        StartSeconds = startSeconds,
        EndSeconds = endSeconds,
        GainErrorRatio = meter.GainErrorRatio,
        IsEstimated = meter.IsEstimated,
        NotMeasured = meter.NotMeasured,
    };
}
