using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// A constant as a parameter of a fit: its distance from the value before the fit, in units of how well that value was known. An
/// efficiency's distance is that of the logarithm.
/// </summary>
/// <param name="Row">The constant.</param>
/// <param name="Before">Its value before the fit.</param>
/// <param name="Spread">Standard deviation of that value, in the constant's unit.</param>
/// <param name="Max">Its largest value.</param>
internal sealed record ScaledConstant(FittableConstant Row, double Before, double Spread, double Max)
{
    /// <summary>
    /// Change of a distance for a numeric derivative: about 2.5 % of a step. A smaller one would measure jumps, since a request that joins
    /// another step changes the whole run.
    /// </summary>
    internal const double Difference = 0.05;

    /// <summary>Distance at which the search begins for a constant on which nothing depends near 0.</summary>
    private const double FlatDistance = 1;

    /// <summary>Largest distance from the value before, so that no step of the fit asks for absurd simulations.</summary>
    private const double MaxDistance = 20;

    /// <summary>A constant is told if runs reduce the standard deviation that it had before to at most this share.</summary>
    private const double MaxToldShare = 0.5;

    /// <summary>An efficiency or a power is told if the ends of its interval differ by at most this factor.</summary>
    private const double MaxRatio = 3;

    /// <summary>A time is told if half of its interval is at most this share of it, or of the time that a typical step takes.</summary>
    private const double MaxTimeShare = 0.5;

    /// <summary>Standard deviations that half of a 95 % interval has.</summary>
    private const double DeviationsPerHalf = 1.96;

    /// <summary>Whether steps told the constant before the fit.</summary>
    internal bool WasTold { get; init; }

    /// <summary>The constant.</summary>
    internal CalibrationConstant Constant => Row.Constant;

    /// <summary>Value at which the search begins where nothing nearer is known.</summary>
    internal double Begin => Row.IsFlatAtZero && Before < Value(FlatDistance) ? Value(FlatDistance) : Before;

    /// <summary>Smallest distance from the value before.</summary>
    internal double Lower => Math.Max(-MaxDistance, Distance(Row.Min));

    /// <summary>Largest distance from the value before.</summary>
    internal double Upper => Math.Min(MaxDistance, double.IsPositiveInfinity(Max) ? MaxDistance : Distance(Max));

    private bool IsLogarithmic => Row.Kind == ConstantKind.Efficiency;

    /// <summary>The constants that a fit changes: those of the table that have a value before, or need none.</summary>
    internal static IReadOnlyList<ScaledConstant> Of(
        IEnumerable<FittableConstant> rows, SimulatedSystem system, TypicalStep step, bool hasParallelism) =>
    [
        .. from row in rows
           let before = SystemConstants.Of(system, row.Constant)
           where (before > 0 || !row.NeedsStart) && (hasParallelism || !row.NeedsParallelism)
           select new ScaledConstant(row, before, row.Spread(before, step), row.Max(system)),
    ];

    /// <summary>The change of a distance for a numeric derivative, away from the upper bound.</summary>
    internal double ChangeFrom(double distance) => distance + Difference > Upper ? -Difference : Difference;

    /// <summary>The value at a distance from the value before.</summary>
    internal double Value(double distance) => Math.Clamp(
        IsLogarithmic ? Before * Math.Exp(distance * Spread / Before) : Before + (distance * Spread), Row.Min, Max);

    /// <summary>The distance of a value from the value before.</summary>
    internal double Distance(double value) =>
        IsLogarithmic ? Math.Log(value / Before) * Before / Spread : (value - Before) / Spread;

    /// <summary>The fitted constant with its interval.</summary>
    /// <param name="distance">The fitted distance.</param>
    /// <param name="half">Half of the 95 % interval of the distance.</param>
    internal FittedConstant Fitted(double distance, double half)
    {
        double low = Value(distance - half);
        double high = IsLogarithmic ? Math.Min(Max, Before * Math.Exp((distance + half) * Spread / Before)) : Value(distance + half);
        double value = Value(distance);
        bool isTold = WasTold || (half <= DeviationsPerHalf * MaxToldShare && IsNarrow(value, low, high));
        return new FittedConstant(Row.Constant, value, low, high, Before, isTold);
    }

    private bool IsNarrow(double value, double low, double high) => Row.Kind switch
    {
        ConstantKind.Efficiency or ConstantKind.Power => low > 0 && high / low <= MaxRatio,
        ConstantKind.StepTime or ConstantKind.RequestTime => (high - low) / 2 <= Math.Max(MaxTimeShare * value, Spread / 10),
        _ => true,
    };
}
