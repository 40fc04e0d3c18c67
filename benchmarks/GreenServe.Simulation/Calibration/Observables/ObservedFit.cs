using GreenServe.Simulation.Validation;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// Fits constants to what was observed of loads, by simulating every load again with each set of constants that is tried. Times and power
/// are fitted in turn: the power constants change no time, unless a power cap lowers the clock.
/// </summary>
internal static class ObservedFit
{
    /// <summary>Largest number of rounds of times and power. More than one is needed only where a power cap lowers the clock.</summary>
    private const int MaxRounds = 4;

    /// <summary>
    /// Change of every power constant from one round to the next that counts as agreement, in units of how well it was known.
    /// </summary>
    private const double Agreement = 0.05;

    /// <summary>Fits the constants to loads.</summary>
    /// <param name="loads">The loads.</param>
    /// <param name="start">What is known of the constants before.</param>
    /// <param name="near">Constants at which the search begins; <c>null</c> for those before.</param>
    internal static ObservedSolution Fit(
        IReadOnlyList<ObservedLoad> loads, StartConstants start, IReadOnlyDictionary<CalibrationConstant, double>? near = null)
    {
        TypicalStep step = TypicalOf(loads);
        IReadOnlyList<ScaledConstant> times = start.Scale(SystemConstants.Times, loads, step);
        ObservedLoad[] metered = [.. loads.Where(load => load.IsMetered)];
        IReadOnlyList<FittedConstant> baselines = BaselineFit.Fit([.. metered.Select(load => (load.System, load.Baselines))]);
        IReadOnlyList<ScaledConstant> powers = metered.Length == 0
            ? []
            : start.Scale(
                SystemConstants.Powers.Where(row => row.Constant != CalibrationConstant.IdleWatts
                    && baselines.All(known => known.Constant != row.Constant)),
                metered,
                step);

        Dictionary<CalibrationConstant, double> values = times.Concat(powers).ToDictionary(
            item => item.Constant, item => near?.GetValueOrDefault(item.Constant, item.Begin) ?? item.Begin);
        foreach (FittedConstant known in baselines)
        {
            values[known.Constant] = known.Value;
        }

        ObservedSolution? best = null;
        double least = double.PositiveInfinity;
        for (int round = 0; round < MaxRounds; round++)
        {
            PartialFit timeFit = ObservedTimeFit.Fit(loads, times, values);
            Apply(timeFit, values);
            if (metered.Length == 0)
            {
                return new ObservedSolution(values, timeFit, PartialFit.None, baselines, step);
            }

            Dictionary<CalibrationConstant, double> previous = new(values);
            PartialFit powerFit = ObservedPowerFit.Fit(metered, powers, values, out bool isCapped);
            Apply(powerFit, values);
            double cost = CostRatio(loads, timeFit, powerFit, values);
            if (cost < least)
            {
                Dictionary<CalibrationConstant, double> kept = new(values);
                (best, least) = (new ObservedSolution(kept, timeFit, powerFit, baselines, step), cost);
            }

            if (!isCapped || powers.All(item =>
                Math.Abs(item.Distance(values[item.Constant]) - item.Distance(previous[item.Constant])) <= Agreement))
            {
                break;
            }
        }

        return best!;
    }

    private static double CostRatio(
        IReadOnlyList<ObservedLoad> loads,
        PartialFit times,
        PartialFit powers,
        IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        Prediction[] predictions = ObservedLoad.Predict(loads, values);
        double Of(IReadOnlyList<PointMetric> metrics, IEnumerable<double> distances) => ObservedCost.Ratio(
            loads, predictions, metrics, ObservedWeights.Of(loads, predictions, metrics), distances);
        return Of(ObservedWeights.Times, times.Distances) + Of(ObservedWeights.Powers, powers.Distances);
    }

    /// <summary>The step that is typical of some loads.</summary>
    private static TypicalStep TypicalOf(IReadOnlyList<ObservedLoad> loads) => new(
        loads.Select(SecondsOf).OfType<double>().DefaultIfEmpty(TypicalStep.AssumedSeconds).Median(),
        loads.Average(load => load.System.Model.Layers),
        loads.Select(load => load.Sequences).Median(),
        Math.Max(1, loads.Select(load => load.InputTokens + (load.OutputTokens / 2)).Median()));

    /// <summary>
    /// Time of a step of a load, in seconds: its TBT, or the time between tokens of all its requests; <c>null</c> without both.
    /// </summary>
    private static double? SecondsOf(ObservedLoad load) => load.Measured.TbtSeconds ?? 1 / load.Measured.OutputTokensPerSecond;

    private static void Apply(PartialFit fit, Dictionary<CalibrationConstant, double> values)
    {
        foreach (FittedConstant constant in fit.Constants)
        {
            values[constant.Constant] = constant.Value;
        }
    }
}
