using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;
using MathNet.Numerics.LinearAlgebra;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// Finds the further runs that would tell most about constants that are not told. Each of a small set of loads is simulated with every
/// constant changed a little; the run whose metrics would most reduce the variance of the untold constants is the best.
/// </summary>
internal static class FurtherRuns
{
    /// <summary>Number of runs that are proposed at most.</summary>
    private const int MaxRuns = 3;

    /// <summary>
    /// A constant is named if its interval would shrink to at most this share. A run is proposed only if it narrows one so far.
    /// </summary>
    private const double NamedShare = 0.7;

    /// <summary>Requests of each user, so that most of a run is steady.</summary>
    private const int Waves = 2;

    private static readonly int[] Users = [1, 8, 64];
    private static readonly int[] Inputs = [64, 512, 4096];
    private static readonly int[] Outputs = [32, 256];
    private static readonly PointMetric[] Metrics = [PointMetric.Ttft, PointMetric.Tbt, PointMetric.Watts];

    /// <summary>The best further runs, one sentence each; empty where every constant is told or no run tells more.</summary>
    internal static IReadOnlyList<string> Of(IReadOnlyList<ObservedLoad> loads, ObservedSolution solution)
    {
        PartialFit[] fits = [.. new[] { solution.Times, solution.Powers }.Where(fit => fit.Covariance is not null)];
        FittedConstant[] constants = [.. fits.SelectMany(fit => fit.Constants)];
        int[] untold = [.. constants.Index().Where(item => !item.Item.IsIdentified).Select(item => item.Index)];
        if (untold.Length == 0)
        {
            return [];
        }

        // A run of a model that is served already is easier to make than one of another.
        Lazy<Candidate[]> ofUsual = new(() => WithSlopes(CandidatesFor(Usual(loads, solution)), fits, solution));
        Lazy<Candidate[]> ofOthers = new(() => WithSlopes(Others(loads, Usual(loads, solution)).SelectMany(CandidatesFor), fits, solution));
        Matrix<double> covariance = Matrix<double>.Build.Dense(constants.Length, constants.Length);
        for (int fit = 0, at = 0; fit < fits.Length; at += fits[fit].Constants.Count, fit++)
        {
            covariance.SetSubMatrix(at, at, fits[fit].Covariance!);
        }

        List<string> runs = [];
        while (runs.Count < MaxRuns)
        {
            Candidate? best = Best(ofUsual.Value, covariance, untold) ?? Best(ofOthers.Value, covariance, untold);
            if (best is null)
            {
                break;
            }

            Matrix<double> after = After(covariance, best.Slopes!);
            runs.Add(Describe(best, constants, untold, covariance, after));
            covariance = after;
        }

        return runs;
    }

    /// <summary>The run that narrows the untold constants most; <c>null</c> if none narrows one of them enough to be named.</summary>
    private static Candidate? Best(IEnumerable<Candidate> candidates, Matrix<double> covariance, int[] untold) => candidates
        .Select(item => (Item: item, Shares: SharesAfter(covariance, After(covariance, item.Slopes!), untold)))
        .Where(pair => pair.Shares.Min() <= NamedShare)
        .OrderBy(pair => pair.Shares.Sum(share => share * share))
        .FirstOrDefault().Item;

    /// <summary>What is left of the interval of each untold constant.</summary>
    private static double[] SharesAfter(Matrix<double> before, Matrix<double> after, int[] untold) =>
        [.. untold.Select(index => Math.Sqrt(Math.Max(0, after[index, index] / before[index, index])))];

    private static Candidate[] WithSlopes(IEnumerable<Candidate> candidates, PartialFit[] fits, ObservedSolution solution) =>
        EveryCore.Select(candidates, item => item with { Slopes = SlopesOf(item, fits, solution) });

    /// <summary>The system that most loads were measured on, with the fitted constants.</summary>
    private static SimulatedSystem Usual(IReadOnlyList<ObservedLoad> loads, ObservedSolution solution) => SystemConstants.With(
        loads.GroupBy(load => load.System.Model.Name).MaxBy(group => group.Count())!.First().System, solution.Values);

    /// <summary>
    /// The usual system with other models in place of its own: of those that were not measured, the one of fewest and the one of most
    /// layers.
    /// </summary>
    private static IEnumerable<SimulatedSystem> Others(IReadOnlyList<ObservedLoad> loads, SimulatedSystem usual)
    {
        HashSet<string> known = [.. loads.Select(load => load.System.Model.Name)];
        SimulatedSystem[] others = [.. ModelCatalog.Names.Where(name => !known.Contains(name))
            .Select(name => usual with { Model = ModelCatalog.Read(name) })
            .Where(other => IsLike(other, usual) && !other.Check().Any())
            .OrderBy(other => other.Model.Layers)];
        return others.Take(1).Concat(others.Skip(1).TakeLast(1));
    }

    private static IEnumerable<Candidate> CandidatesFor(SimulatedSystem system) =>
        from users in Users
        from input in Inputs
        from output in Outputs
        let schedule = Schedule(users, input, output)
        where SimulatedRun.Check(schedule, system).Count == 0
        select new Candidate(system, users, input, output, schedule);

    /// <summary>
    /// Whether a model is dense, has other layers than the usual one, and is no more than ten times as large or as small.
    /// </summary>
    private static bool IsLike(SimulatedSystem other, SimulatedSystem usual)
    {
        double ratio = WeightBytes(other) / WeightBytes(usual);
        return other.Model.Experts == 1 && other.Model.Layers != usual.Model.Layers && ratio is >= 0.1 and <= 10;
    }

    private static double WeightBytes(SimulatedSystem system) =>
        KeyValueMemory.WeightBytes(system.Model, system.Precision, system.Gpus);

    /// <summary>Users with requests of one length, the outputs spread by half around the mean so that they do not stay in step.</summary>
    private static RequestSchedule Schedule(int users, int input, int output)
    {
        RequestClassCuts cuts = new();
        return new RequestSchedule(
            [
                .. Enumerable.Range(0, Waves * users).Select(id =>
                {
                    int tokens = Math.Max(2, (int)(output * (0.75 + (0.5 * (id * 0.618 % 1)))));
                    return new ScheduledRequest(id, 0, cuts.Classify(input, tokens), input, tokens);
                }),
            ],
            users);
    }

    /// <summary>Change of the logarithm of each metric, in units of its noise, with each constant.</summary>
    private static Matrix<double> SlopesOf(Candidate candidate, PartialFit[] fits, ObservedSolution solution)
    {
        ScaledConstant[] scaled = [.. fits.SelectMany(fit => fit.Scaled)];
        double[] at = [.. fits.SelectMany(fit => fit.Distances)];
        Prediction middle = Predict(candidate, solution.Values);
        Matrix<double> slopes = Matrix<double>.Build.Dense(Metrics.Length, scaled.Length);
        for (int column = 0; column < scaled.Length; column++)
        {
            double change = scaled[column].ChangeFrom(at[column]);
            Prediction moved = Predict(candidate, ObservedTimeFit.With([scaled[column]], [at[column] + change], solution.Values));
            for (int row = 0; row < Metrics.Length; row++)
            {
                double ratio = moved.Value(Metrics[row])!.Value / middle.Value(Metrics[row])!.Value;
                slopes[row, column] = Math.Log(ratio) / change / ObservedWeights.NoiseRatio(Metrics[row]);
            }
        }

        return slopes;
    }

    private static Prediction Predict(Candidate candidate, IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        MeasuredServing serving = new();
        SimulatedRun.Execute(candidate.Schedule, SystemConstants.With(candidate.System, values), serving);
        return serving.Predict(warmUpSeconds: 0);
    }

    /// <summary>Covariance of the constants once a run has been measured: each of its metrics is one more observation.</summary>
    private static Matrix<double> After(Matrix<double> covariance, Matrix<double> slopes)
    {
        Matrix<double> cross = covariance * slopes.Transpose();
        Matrix<double> observed = (slopes * cross) + Matrix<double>.Build.DenseIdentity(slopes.RowCount);
        return covariance - (cross * observed.Solve(cross.Transpose()));
    }

    private static string Describe(
        Candidate run, FittedConstant[] constants, int[] untold, Matrix<double> before, Matrix<double> after)
    {
        string[] told = [.. from item in untold.Zip(SharesAfter(before, after, untold))
                            where item.Second <= NamedShare
                            orderby item.Second
                            let name = EnumText.Of(constants[item.First].Constant)
                            select FormattableString.Invariant($"{name} to {100 * item.Second:F0} %")];
        string users = run.Users == 1 ? "1 user" : $"{run.Users} users";
        string load = $"a run of {run.System.Model.Name} with {users}, {run.Input} tokens in and {run.Output} out";
        return $"{load} would narrow the interval of {string.Join(", of ", told)} of what it is";
    }

    /// <summary>A load that could be run.</summary>
    /// <param name="System">The system with the fitted constants.</param>
    /// <param name="Users">Number of users.</param>
    /// <param name="Input">Number of prompt tokens.</param>
    /// <param name="Output">Mean number of output tokens.</param>
    /// <param name="Schedule">The requests.</param>
    private sealed record Candidate(
        SimulatedSystem System, int Users, int Input, int Output, RequestSchedule Schedule)
    {
        /// <summary>How the metrics change with the constants; <c>null</c> until they were computed.</summary>
        internal Matrix<double>? Slopes { get; init; }
    }
}
