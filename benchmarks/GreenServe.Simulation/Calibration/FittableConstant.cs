using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// A constant of the simulator that can be fitted: how it is read and replaced, its bounds, and how well it was known before.
/// </summary>
internal sealed record FittableConstant
{
    /// <summary>Standard deviation of the logarithm of an efficiency before a fit: the catalog is right within a factor of 1.6.</summary>
    internal const double EfficiencySpread = 0.5;

    /// <summary>The constant.</summary>
    internal required CalibrationConstant Constant { get; init; }

    /// <summary>What kind of quantity it is, which decides how it is scaled and bounded.</summary>
    internal required ConstantKind Kind { get; init; }

    /// <summary>Reads the constant from a system.</summary>
    internal required Func<SimulatedSystem, double> Get { get; init; }

    /// <summary>
    /// Replaces the constant in a system whose engine profile has no overrides for other accelerators (<see cref="SystemConstants.With"/>).
    /// </summary>
    internal required Func<SimulatedSystem, double, SimulatedSystem> Set { get; init; }

    /// <summary>Number of times that a typical step pays a host time; 1 for other kinds.</summary>
    internal Func<TypicalStep, double> TimesInStep { get; init; } = _ => 1;

    /// <summary>
    /// Whether the constant stays as it is where it is 0. A profile without it says that the engine has no such work, which a fit cannot
    /// tell from other work.
    /// </summary>
    internal bool NeedsStart { get; init; }

    /// <summary>
    /// Whether nothing depends on the constant near 0, since other work hides it. The search then begins away from 0, or it would never
    /// leave.
    /// </summary>
    internal bool IsFlatAtZero { get; init; }

    /// <summary>Whether only loads in which accelerators share the layers depend on the constant.</summary>
    internal bool NeedsParallelism { get; init; }

    /// <summary>Smallest value.</summary>
    internal double Min { get; init; }

    /// <summary>Largest value for a system.</summary>
    internal Func<SimulatedSystem, double> Max { get; init; } = _ => double.PositiveInfinity;

    /// <summary>Smallest standard deviation of a power before a fit, in watts.</summary>
    internal double MinSpreadWatts { get; init; } = 1;

    /// <summary>Standard deviation of the constant before a fit, in its own unit.</summary>
    /// <param name="before">Its value before the fit.</param>
    /// <param name="step">The step that is typical of the loads.</param>
    internal double Spread(double before, TypicalStep step) => Kind switch
    {
        ConstantKind.StepTime => step.Seconds / 2 / TimesInStep(step),
        ConstantKind.RequestTime => TypicalStep.RequestSpreadSeconds,
        ConstantKind.Power => Math.Max(MinSpreadWatts, before),
        ConstantKind.Ratio => 1,
        ConstantKind.Share => TypicalStep.ShareSpread,
        _ => before * EfficiencySpread,
    };
}

/// <summary>What kind of quantity a constant is.</summary>
internal enum ConstantKind
{
    /// <summary>A share of a nominal rate, above 0 and up to 1. Its logarithm is fitted.</summary>
    Efficiency,

    /// <summary>A time that a step pays once or many times, in seconds.</summary>
    StepTime,

    /// <summary>A time that a request pays once, in seconds.</summary>
    RequestTime,

    /// <summary>A power, in watts.</summary>
    Power,

    /// <summary>A share of another constant, from 0 to 1.</summary>
    Share,

    /// <summary>A ratio of two powers, at least 0.</summary>
    Ratio,
}

/// <summary>A step that is typical of some loads, from which the scale of times follows.</summary>
/// <param name="Seconds">Its duration, in seconds.</param>
/// <param name="Layers">Number of layers of the model.</param>
/// <param name="Sequences">Number of sequences in it, at least 1.</param>
/// <param name="ContextTokens">Number of cached tokens of a sequence, at least 1.</param>
internal sealed record TypicalStep(double Seconds, double Layers, double Sequences, double ContextTokens)
{
    /// <summary>Duration of a step where nothing that was measured tells it, in seconds.</summary>
    internal const double AssumedSeconds = 0.02;

    /// <summary>Standard deviation of a time outside the engine before a fit, in seconds. Published servers have 1 to 50 ms.</summary>
    internal const double RequestSpreadSeconds = 0.02;

    /// <summary>Standard deviation of a share between 0 and 1 before a fit.</summary>
    internal const double ShareSpread = 0.3;
}
