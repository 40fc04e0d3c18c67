using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Calibration;

/// <summary>What a calibration gives: constants with intervals, definitions that carry them, and the residuals.</summary>
public sealed record CalibrationResult
{
    /// <summary>The fitted constants, all in the definitions; those the runs do not tell stay near what they were.</summary>
    public required IReadOnlyList<FittedConstant> Constants { get; init; }

    /// <summary>The accelerator with the fitted constants.</summary>
    public required GpuDefinition Gpu { get; init; }

    /// <summary>The engine with the fitted constants.</summary>
    public required EngineProfile Engine { get; init; }

    /// <summary>Durations of steps.</summary>
    public required IReadOnlyList<CalibrationResidual> StepResiduals { get; init; }

    /// <summary>Power of windows; empty where nothing was metered.</summary>
    public required IReadOnlyList<CalibrationResidual> PowerResiduals { get; init; }

    /// <summary>What the runs could not tell, and why, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Mean absolute relative error of some residuals before and after the fit; <c>null</c> for none.</summary>
    public static (double Before, double After)? MeanErrors(IReadOnlyList<CalibrationResidual> residuals) => residuals.Count == 0
        ? null
        : (residuals.Average(row => Math.Abs((row.Before / row.Measured) - 1)), residuals.Average(row => Math.Abs((row.After / row.Measured) - 1)));
}
