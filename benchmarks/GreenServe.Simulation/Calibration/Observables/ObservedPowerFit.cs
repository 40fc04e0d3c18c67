using GreenServe.Records;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// Fits the power constants to watts and J/token. Power is nearly linear in them, so that each load is simulated once with each constant
/// changed, and the fit works with what follows from that. It is repeated from the constants found until they stay.
/// </summary>
internal static class ObservedPowerFit
{
    /// <summary>Number of times that loads are simulated anew with each constant changed at most.</summary>
    private const int MaxRounds = 6;

    /// <summary>
    /// Number of times at most that a step is halved that raises the cost, as where a power cap begins or ceases to bind.
    /// </summary>
    private const int MaxHalvings = 5;

    /// <summary>Change of every constant below which they stay, in units of how well they were known before.</summary>
    private const double Agreement = 0.01;

    /// <summary>Fits the constants.</summary>
    /// <param name="loads">Loads with measured energy.</param>
    /// <param name="constants">The constants that are fitted.</param>
    /// <param name="values">The values found so far, of these and of the time constants.</param>
    /// <param name="isCapped">Whether a power cap binds in some load, so that times depend on power.</param>
    internal static PartialFit Fit(
        IReadOnlyList<ObservedLoad> loads,
        IReadOnlyList<ScaledConstant> constants,
        IReadOnlyDictionary<CalibrationConstant, double> values,
        out bool isCapped)
    {
        double[] at = [.. constants.Select(item => item.Distance(values[item.Constant]))];
        FitSolution solution;
        bool moves;
        int round = 0;
        do
        {
            double[] from = at;
            LoadPower[] powers = EveryCore.Select(loads, load => LoadPower.At(load, constants, from, values));
            isCapped = powers.Any(power => power.IsCapped);
            solution = Solve(powers, constants, from);
            at = Descend(powers, from, solution.Parameters, distances =>
                ObservedLoad.Predict(loads, ObservedTimeFit.With(constants, distances, values)));
            moves = at.Zip(from).Any(pair => Math.Abs(pair.First - pair.Second) > Agreement);
        }
        while (moves && ++round < MaxRounds);

        return PartialFit.Of(constants, solution with { Parameters = at });
    }

    /// <summary>
    /// The point on the way from one set of distances to another that lowers the cost, as simulated; the first if none does.
    /// </summary>
    private static double[] Descend(LoadPower[] powers, double[] from, double[] to, Func<double[], Prediction[]> predict)
    {
        ObservedLoad[] loads = [.. powers.Select(power => power.Load)];
        Prediction[] middle = [.. powers.Select(power => power.Middle)];
        double[] weights = ObservedWeights.Of(loads, middle, ObservedWeights.Powers);
        double cost = ObservedCost.Ratio(loads, middle, ObservedWeights.Powers, weights, from);
        double share = 1;
        for (int halving = 0; halving <= MaxHalvings; halving++, share /= 2)
        {
            double[] tried = [.. from.Zip(to, (first, last) => first + (share * (last - first)))];
            if (ObservedCost.Ratio(loads, predict(tried), ObservedWeights.Powers, weights, tried) < cost)
            {
                return tried;
            }
        }

        return from;
    }

    private static FitSolution Solve(LoadPower[] powers, IReadOnlyList<ScaledConstant> constants, double[] from) =>
        LeastSquares.Fit(new FitProblem
        {
            Residuals = distances => [.. powers.SelectMany(power => Residuals(power, distances))],
            Start = new double[constants.Count],
            From = from,
            Spread = [.. constants.Select(_ => 1.0)],
            Lower = [.. constants.Select(item => item.Lower)],
            Upper = [.. constants.Select(item => item.Upper)],
            Clusters = [.. powers.Index().SelectMany(power => ObservedWeights.Powers.Select(_ => power.Index))],
            Weights = ObservedWeights.Of(
                [.. powers.Select(power => power.Load)], [.. powers.Select(power => power.Middle)], ObservedWeights.Powers),
            MinErrorRatio = ObservedWeights.TbtNoiseRatio,
            Loss = RobustLoss.SoftL1,
        });

    private static IEnumerable<double> Residuals(LoadPower power, double[] distances)
    {
        Prediction prediction = power.Predict(distances);
        return ObservedWeights.Powers.Select(metric => power.Load.LogError(metric, prediction));
    }
}

/// <summary>The power of a load near some power constants: its value there and its slopes.</summary>
/// <param name="Load">The load.</param>
/// <param name="From">Distances of the constants from their values before, at which the load was simulated.</param>
/// <param name="Middle">What was predicted there.</param>
/// <param name="WattsSlopes">Change of the watts with each constant.</param>
/// <param name="TokensSlopes">Change of the output tokens per second with each constant.</param>
internal sealed record LoadPower(
    ObservedLoad Load, double[] From, Prediction Middle, double[] WattsSlopes, double[] TokensSlopes)
{
    /// <summary>Relative change of the throughput with a power constant from which a power cap binds.</summary>
    private const double CapTolerance = 1e-5;

    /// <summary>Smallest power that is predicted, as a share of the power at the middle, so that its logarithm exists.</summary>
    private const double MinShare = 0.01;

    /// <summary>Whether a power cap binds, so that times depend on power.</summary>
    internal bool IsCapped => TokensSlopes.Any(slope => Math.Abs(slope) > CapTolerance * Middle.OutputTokensPerSecond);

    /// <summary>Simulates a load with each constant changed.</summary>
    internal static LoadPower At(
        ObservedLoad load,
        IReadOnlyList<ScaledConstant> constants,
        double[] from,
        IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        Dictionary<CalibrationConstant, double> at = ObservedTimeFit.With(constants, from, values);
        Prediction middle = load.Predict(at);
        double[] watts = new double[from.Length];
        double[] tokens = new double[from.Length];
        for (int index = 0; index < from.Length; index++)
        {
            double change = constants[index].ChangeFrom(from[index]);
            Prediction moved = load.Predict(ObservedTimeFit.With([constants[index]], [from[index] + change], at));
            watts[index] = (moved.Watts - middle.Watts) / change;
            tokens[index] = (moved.OutputTokensPerSecond - middle.OutputTokensPerSecond) / change;
        }

        return new LoadPower(load, from, middle, watts, tokens);
    }

    /// <summary>The metrics of the load at other distances.</summary>
    internal Prediction Predict(double[] distances)
    {
        double watts = Middle.Watts + Moved(WattsSlopes, distances);
        double tokens = Middle.OutputTokensPerSecond + Moved(TokensSlopes, distances);
        watts = Math.Max(watts, MinShare * Middle.Watts);
        tokens = Math.Max(tokens, MinShare * Middle.OutputTokensPerSecond);
        return Middle with { Watts = watts, OutputTokensPerSecond = tokens, JoulesPerOutputToken = watts / tokens };
    }

    private double Moved(double[] slopes, double[] distances)
    {
        double sum = 0;
        for (int index = 0; index < slopes.Length; index++)
        {
            sum += slopes[index] * (distances[index] - From[index]);
        }

        return sum;
    }
}
