using GreenServe.Records.Measurements;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>What one meter says about one window: energy with its error bound, or why it was not measured.</summary>
/// <remarks>Two runs on the same device share its gain error, so their ratio does not carry it; the edge error it does.</remarks>
public sealed record EnergyReading
{
    /// <summary>Name of the meter.</summary>
    public required string Meter { get; init; }

    /// <summary>What the joules cover.</summary>
    public required MeterScope Scope { get; init; }

    /// <summary>The device the meter sits on; <c>null</c> if there is no telling.</summary>
    public string? Device { get; init; }

    /// <summary>How the number came about, in words.</summary>
    public required string Method { get; init; }

    /// <summary>Beginning of the window (s from the start of the run).</summary>
    public required double StartSeconds { get; init; }

    /// <summary>End of the window (s from the start of the run).</summary>
    public required double EndSeconds { get; init; }

    /// <summary>Energy in the window (J); <c>null</c> if not measured.</summary>
    public double? Joules { get; init; }

    /// <summary>Bound on what the window's two edges may be off together (J); <c>null</c> if not measured.</summary>
    public double? EdgeErrorJoules { get; init; }

    /// <summary>Gain error of the sensor as a share (0.05 = ±5 %); <c>null</c> if nobody states one.</summary>
    public double? GainErrorRatio { get; init; }

    /// <summary>Whether the number is a model's and not a reading.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Why there is no number; <c>null</c> if there is one.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>Edge error plus gain error (J); without a stated gain error the edges' alone; <c>null</c> if not measured.</summary>
    public double? ErrorJoules => EdgeErrorJoules + ((GainErrorRatio ?? 0) * Joules);

    /// <summary>Mean power over the window (W); <c>null</c> if not measured.</summary>
    public double? MeanWatts => Joules / (EndSeconds - StartSeconds);

    /// <summary>Energy per counted thing, such as J per token or J per request; <c>null</c> if not measured or without a count.</summary>
    /// <param name="count">How many there were in the window.</param>
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
