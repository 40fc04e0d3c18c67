using MathNet.Numerics.LinearAlgebra;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>The constants that were fitted to some loads.</summary>
/// <param name="Values">Every constant that was fitted or read from a baseline.</param>
/// <param name="Times">The fit of the time constants.</param>
/// <param name="Powers">The fit of the power constants; <see cref="PartialFit.None"/> where no load was metered.</param>
/// <param name="Baselines">Power constants that were read from baselines.</param>
/// <param name="Step">The step that is typical of the loads.</param>
internal sealed record ObservedSolution(
    IReadOnlyDictionary<CalibrationConstant, double> Values,
    PartialFit Times,
    PartialFit Powers,
    IReadOnlyList<FittedConstant> Baselines,
    TypicalStep Step)
{
    /// <summary>Every constant with its interval, times first.</summary>
    internal IEnumerable<FittedConstant> Constants => [.. Times.Constants, .. Baselines, .. Powers.Constants];
}

/// <summary>The result of fitting either the times or the powers.</summary>
/// <param name="Scaled">The constants as parameters of the fit.</param>
/// <param name="Distances">Fitted distance of each constant from its value before.</param>
/// <param name="Constants">The fitted constants with their intervals.</param>
/// <param name="Covariance">Covariance of the distances; <c>null</c> where nothing was fitted.</param>
internal sealed record PartialFit(
    IReadOnlyList<ScaledConstant> Scaled,
    IReadOnlyList<double> Distances,
    IReadOnlyList<FittedConstant> Constants,
    Matrix<double>? Covariance)
{
    /// <summary>A fit of nothing.</summary>
    internal static PartialFit None { get; } = new([], [], [], null);

    /// <summary>A fit that the solver has found.</summary>
    internal static PartialFit Of(IReadOnlyList<ScaledConstant> scaled, FitSolution solution) => new(
        scaled,
        solution.Parameters,
        [.. scaled.Select((item, index) => item.Fitted(solution.Parameters[index], solution.HalfWidths[index]))],
        solution.Covariance);
}
