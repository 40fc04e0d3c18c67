using GreenServe.Records.Measurements;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration;

/// <summary>The result of a calibration: constants with intervals, definitions that contain them, and residuals.</summary>
public sealed record CalibrationResult
{
    /// <summary>The fitted constants. The definitions contain all of them, including those that the runs do not identify.</summary>
    public required IReadOnlyList<FittedConstant> Constants { get; init; }

    /// <summary>The accelerator with the fitted constants.</summary>
    public required GpuDefinition Gpu { get; init; }

    /// <summary>The engine with the fitted constants.</summary>
    public required EngineProfile Engine { get; init; }

    /// <summary>Residuals of the durations of steps.</summary>
    public required IReadOnlyList<CalibrationResidual> StepResiduals { get; init; }

    /// <summary>Residuals of the power of windows; empty where nothing was metered.</summary>
    public required IReadOnlyList<CalibrationResidual> PowerResiduals { get; init; }

    /// <summary>Residuals of what was observed of each run or point, fitted and held out; empty for a fit to steps alone.</summary>
    public IReadOnlyList<ObservedResidual> ObservedResiduals { get; init; } = [];

    /// <summary>What the runs and points cover, fitted and held out; <c>null</c> where it is not known.</summary>
    public ComparedSettings? Compared { get; init; }

    /// <summary>Further runs that would tell most about what these do not tell, one sentence each; the best first.</summary>
    public IReadOnlyList<string> FurtherRuns { get; init; } = [];

    /// <summary>The constants that the runs could not determine and the reasons, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Logarithms of the measured over the predicted values of what the constants do not know: one error of each operating point, the mean
    /// over its repetitions.
    /// </summary>
    internal ILookup<PointMetric, double> HeldOutErrors() => ObservedResiduals
        .Where(row => row.Part != CalibrationPart.Fitted && row is { Measured: > 0, After: > 0 })
        .GroupBy(row => (row.Metric, Point: FittedRuns.WithoutRepetition(row.Run)))
        .ToLookup(point => point.Key.Metric, point => point.Average(row => Math.Log(row.Measured / row.After)));

    /// <summary>Mean absolute relative errors before and after the fit (0.1 = 10 %); <c>null</c> without residuals.</summary>
    /// <param name="residuals">The residuals.</param>
    public static (double Before, double After)? MeanErrors(IReadOnlyList<CalibrationResidual> residuals) => residuals.Count == 0
        ? null
        : (residuals.Average(row => Math.Abs((row.Before / row.Measured) - 1)),
            residuals.Average(row => Math.Abs((row.After / row.Measured) - 1)));
}

/// <summary>A fitted constant with its 95 % confidence interval, all in the unit of the constant.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Value">Its fitted value.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Before">Its value in the definitions that the fit started from.</param>
/// <param name="IsIdentified">
/// Whether the runs identify the constant: an efficiency, a power or a ratio of powers to within a factor of three, the one-row discount to
/// within 0.1, and a time to within half its value or 5 % of a step. A constant that they do not identify stays near its value before the
/// fit; together with the other constants it still fits the runs.
/// </param>
public sealed record FittedConstant(
    CalibrationConstant Constant, double Value, double Low, double High, double Before, bool IsIdentified);

/// <summary>A measured value with the values that the simulator predicts before and after the fit.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Seconds">Time of the measurement, in seconds from the start of the run.</param>
/// <param name="Measured">The measured value: the duration of a step in seconds, or the power of a window in watts.</param>
/// <param name="Before">The value that the definitions before the fit predict.</param>
/// <param name="After">The value that the fitted definitions predict.</param>
public sealed record CalibrationResidual(string Run, double Seconds, double Measured, double Before, double After);

/// <summary>A measured metric of a run or point with the values that the simulator predicts before and after the fit.</summary>
/// <param name="Run">Name of the run or point.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Part">Whether the constants were fitted to the run.</param>
/// <param name="Measured">The measured value, in the metric's unit.</param>
/// <param name="Before">The value that the definitions before the fit predict.</param>
/// <param name="After">The value that the fitted definitions predict.</param>
public sealed record ObservedResidual(
    string Run, PointMetric Metric, CalibrationPart Part, double Measured, double Before, double After);

/// <summary>The part that a run has in a calibration.</summary>
public enum CalibrationPart
{
    /// <summary>The constants were fitted to the run.</summary>
    Fitted,

    /// <summary>The run was kept apart, and the constants know nothing of it.</summary>
    HeldOut,

    /// <summary>
    /// The run was predicted by constants that were fitted to the other runs alone, for an estimate of the error. The constants that are
    /// reported were fitted to it too.
    /// </summary>
    CrossValidated,
}
