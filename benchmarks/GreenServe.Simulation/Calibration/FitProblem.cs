namespace GreenServe.Simulation.Calibration;

/// <summary>A robust non-linear fit: what is least, from where, within which bounds, and how sure one was before.</summary>
internal sealed record FitProblem
{
    /// <summary>Relative errors at some parameters; always the same number.</summary>
    internal required Func<double[], double[]> Residuals { get; init; }

    /// <summary>Parameters before the fit.</summary>
    internal required double[] Start { get; init; }

    /// <summary>Standard deviations of the parameters as they are known before; infinite for nothing known.</summary>
    internal required double[] Spread { get; init; }

    /// <summary>Least parameters.</summary>
    internal required double[] Lower { get; init; }

    /// <summary>Largest parameters.</summary>
    internal required double[] Upper { get; init; }

    /// <summary>For each residual the group that shares its unknown causes, such as its run, from 0.</summary>
    internal required int[] Clusters { get; init; }

    /// <summary>How much each residual counts, in (0, 1]; <c>null</c> for all alike.</summary>
    internal double[]? Weights { get; init; }

    /// <summary>Least error of a residual: no meter and no model is better.</summary>
    internal double MinError { get; init; } = 0.02;
}
