using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>What is known of the constants before a fit to observables: the definitions, or a fit to steps.</summary>
/// <param name="Fitted">Constants that were fitted to steps; empty where there are none.</param>
internal sealed record StartConstants(IReadOnlyList<FittedConstant> Fitted)
{
    /// <summary>Standard deviations that half of a 95 % interval has.</summary>
    private const double DeviationsPerHalf = 1.96;

    /// <summary>
    /// Smallest share of the ordinary standard deviation that is left to a constant that was fitted to steps. Steps leave out what the
    /// engine does between them, and their intervals assume that the model is right, so that observables must be able to correct them.
    /// </summary>
    private const double MinShare = 0.3;

    /// <summary>Nothing but the definitions.</summary>
    internal static StartConstants Definitions { get; } = new([]);

    /// <summary>The constants of some rows as parameters of a fit.</summary>
    internal IReadOnlyList<ScaledConstant> Scale(IEnumerable<FittableConstant> rows, IReadOnlyList<ObservedLoad> loads, TypicalStep step)
    {
        SimulatedSystem system = loads[0].System;
        bool hasParallelism = loads.Any(load => load.System.TensorParallelism > 1);
        return [.. ScaledConstant.Of(rows, system, step, hasParallelism).Select(item =>
            Fitted.FirstOrDefault(known => known.Constant == item.Constant) is { } known ? From(item, known) : item)];
    }

    private static ScaledConstant From(ScaledConstant item, FittedConstant known)
    {
        double half = (known.High - known.Low) / 2 / DeviationsPerHalf;
        return item with
        {
            Before = known.Value,
            WasTold = known.IsIdentified,
            Spread = Math.Clamp(half, MinShare * item.Spread, item.Spread),
        };
    }
}
