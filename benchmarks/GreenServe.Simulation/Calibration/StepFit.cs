using GreenServe.Simulation.Physics;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Fits efficiencies and host work to the durations of measured steps.</summary>
internal static class StepFit
{
    /// <summary>Clusters of residuals that are wanted. Runs are cut into stretches of time where there are fewer runs.</summary>
    private const int MinClusters = 6;

    /// <summary>
    /// Share of the median step that is the unit of a host time. A host time with an interval within one unit counts as identified.
    /// </summary>
    private const double TimeUnitShare = 0.05;

    /// <summary>Standard deviation of the logarithm of an efficiency before the fit: the catalog is right within a factor of 1.6.</summary>
    private const double EfficiencySpread = 0.5;

    private static readonly CalibrationConstant[] Efficiencies =
    [
        CalibrationConstant.ComputeEfficiency, CalibrationConstant.MemoryEfficiency, CalibrationConstant.DecodeAttentionEfficiency,
        CalibrationConstant.PrefillAttentionEfficiency,
    ];

    /// <summary>Fits the constants to the steps of all runs together.</summary>
    /// <param name="runs">The runs with the constants found so far, which predict the clock under the power cap.</param>
    /// <param name="before">A system with the constants before the fit, which are also what is known without the runs.</param>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs, SimulatedSystem before)
    {
        IReadOnlyList<(MeasuredStep Step, double Weight)> bins = StepBins.Of(runs);
        MeasuredStep[] steps = [.. bins.Select(bin => bin.Step)];
        Parameter[] parameters = [.. ParametersOf(runs, before, steps)];
        FitSolution solution = LeastSquares.Fit(new FitProblem
        {
            Residuals = values => Residuals(runs, steps, parameters, values),
            Start = [.. parameters.Select(parameter => parameter.Start)],
            Spread = [.. parameters.Select(parameter => parameter.IsEfficiency ? EfficiencySpread : 1)],
            Lower = [.. parameters.Select(parameter => parameter.IsEfficiency ? double.NegativeInfinity : 0)],
            Upper = [.. parameters.Select(parameter => parameter.IsEfficiency ? 0 : double.PositiveInfinity)],
            Clusters = ClustersOf(runs.Count, steps),
            Weights = [.. bins.Select(bin => bin.Weight)],
        });
        return [.. parameters.Zip(solution.Parameters, solution.HalfWidths).Select(item => item.First.Fitted(item.Second, item.Third))];
    }

    private static IEnumerable<Parameter> ParametersOf(IReadOnlyList<CalibrationRun> runs, SimulatedSystem system, MeasuredStep[] steps)
    {
        foreach (CalibrationConstant constant in Efficiencies)
        {
            yield return new Parameter(constant, SystemConstants.Of(system, constant), Unit: 1, IsEfficiency: true);
        }

        double step = TimeUnitShare * steps.Select(item => item.Seconds).Median();
        double layers = runs.Average(run => run.System.Model.Layers);
        double sequences = Math.Max(1, steps.Average(item => (double)item.Shape.Sequences));
        yield return TimeOf(CalibrationConstant.LayerSeconds, step / layers);
        yield return TimeOf(CalibrationConstant.StepSeconds, step);
        yield return TimeOf(CalibrationConstant.SequenceSeconds, step / sequences);
        if (SystemConstants.Of(system, CalibrationConstant.OverlappedLayerSeconds) is > 0 and var overlapped)
        {
            yield return new Parameter(CalibrationConstant.OverlappedLayerSeconds, overlapped, step / layers);
        }

        if (SystemConstants.Of(system, CalibrationConstant.AttentionTokenSeconds) is > 0 and var token)
        {
            double length = Math.Max(1, steps.Where(item => item.Shape.DecodeSequences > 0)
                .Select(item => (double)item.Shape.ContextTokens / item.Shape.DecodeSequences).DefaultIfEmpty(1).Median());
            yield return new Parameter(CalibrationConstant.AttentionTokenSeconds, token, step / layers / length);
        }

        Parameter TimeOf(CalibrationConstant constant, double unit) => new(constant, SystemConstants.Of(system, constant), unit);
    }

    /// <summary>Assigns steps to clusters: one for each run where there are many runs, stretches of time where there are few.</summary>
    private static int[] ClustersOf(int runs, MeasuredStep[] steps)
    {
        int parts = (MinClusters + runs - 1) / runs;
        Dictionary<int, int> seen = [];
        Dictionary<int, int> sizes = steps.CountBy(step => step.Run).ToDictionary();
        return [.. steps.Select(step =>
        {
            int place = seen.GetValueOrDefault(step.Run);
            seen[step.Run] = place + 1;
            return (step.Run * parts) + (int)((long)place * parts / sizes[step.Run]);
        })];
    }

    private static double[] Residuals(IReadOnlyList<CalibrationRun> runs, MeasuredStep[] steps, Parameter[] parameters, double[] values)
    {
        Dictionary<CalibrationConstant, double> constants =
            parameters.Zip(values).ToDictionary(item => item.First.Constant, item => item.First.Value(item.Second));
        Func<MeasuredStep, StepCost>[] predict =
            [.. runs.Select(run => (run with { System = SystemConstants.With(run.System, constants) }).Predictor())];
        double[] residuals = new double[steps.Length];
        for (int index = 0; index < steps.Length; index++)
        {
            // Errors are relative, so that a long step counts no more than a short one.
            residuals[index] = Math.Log(predict[steps[index].Run](steps[index]).Seconds / steps[index].Seconds);
        }

        return residuals;
    }

    /// <summary>
    /// A constant as a parameter of the fit: the logarithm of an efficiency, or a time in units of <paramref name="Unit"/>.
    /// </summary>
    private sealed record Parameter(CalibrationConstant Constant, double Before, double Unit, bool IsEfficiency = false)
    {
        /// <summary>An efficiency counts as identified if the ends of its interval differ by at most this factor.</summary>
        private const double MaxRatio = 3;

        /// <summary>A time above two units counts as identified if half of its interval is at most this share of it.</summary>
        private const double MaxTimeShare = 0.5;

        internal double Start => IsEfficiency ? Math.Log(Before) : Before / Unit;

        internal double Value(double parameter) => IsEfficiency ? Math.Min(1, Math.Exp(parameter)) : parameter * Unit;

        internal FittedConstant Fitted(double parameter, double half)
        {
            double value = Value(parameter);
            double low = IsEfficiency ? value * Math.Exp(-half) : Math.Max(0, Value(parameter - half));
            double high = IsEfficiency ? Math.Min(1, value * Math.Exp(half)) : Value(parameter + half);
            bool isIdentified = IsEfficiency ? Math.Exp(2 * half) <= MaxRatio : half <= Math.Max(1, MaxTimeShare * parameter);
            return new FittedConstant(Constant, value, low, high, Before, isIdentified);
        }
    }
}
