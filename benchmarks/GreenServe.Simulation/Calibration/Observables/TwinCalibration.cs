using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// Fits a twin to what any server shows: the times and the energy of runs, or published points. Steps, where records have them, only start
/// the fit.
/// </summary>
public static class TwinCalibration
{
    /// <summary>
    /// Fewest operating points that constants are fitted to. Fewer cannot tell work that every step has from work of a sequence.
    /// </summary>
    public const int MinOperatingPoints = 3;

    /// <summary>Fits the constants.</summary>
    /// <param name="records">Run records of one server on one kind of accelerator. INVALID ones are left out.</param>
    /// <param name="points">Published points of one engine on one kind of accelerator.</param>
    /// <param name="options">What the user asks for.</param>
    /// <exception cref="InvalidInputException">
    /// The records or points cannot be used together, or lack something that the fit needs. The exception lists every reason.
    /// </exception>
    public static CalibrationResult Fit(
        IReadOnlyList<RunRecord> records, IReadOnlyList<MeasuredPoint> points, CalibrationOptions options)
    {
        List<string> notes = [];
        RunRecord[] measured = [.. records.Where(record => record.Manifest.Evidence != EvidenceKind.Simulated)];
        RecordLoads.Note(notes, NamesOf(records.Except(measured)), "left out, since a simulated run is no measurement");
        RunRecord[] valid = [.. measured.Where(record => record.Manifest.Verdict.IsValid)];
        RecordLoads.Note(notes, NamesOf(measured.Except(valid)), "left out, since they are INVALID");
        StatedSystem stated = WithEngine(valid, options.Stated, notes);
        SimulatedSystem.ThrowIfAny(RecordLoads.Check(valid, stated));
        ObservedLoad[] loads = [.. RecordLoads.Of(valid, stated, notes), .. PointLoads.Of(points, stated, notes)];
        RunRecord[] withSteps = options.UsesSteps ? [.. valid.Where(record => record.Steps.Any(step => !step.IsIdle))] : [];
        ObservedLoad[] usable = [.. loads.Where(load => load.MayBeFitted)];
        if (points.Count == 0 && withSteps.Length == valid.Length && LoadChecks.PointsOf(usable) < MinOperatingPoints)
        {
            return TwinProfile.Of(FitToSteps(withSteps, stated, notes), usable, withSteps);
        }

        IReadOnlySet<string> heldOut = options.HoldOut.Of(usable);
        ObservedLoad[] fitted = [.. usable.Where(load => !heldOut.Contains(load.OperatingPoint))];
        SimulatedSystem.ThrowIfAny(LoadChecks.Problems(loads, fitted));
        notes.AddRange(LoadChecks.Notes(fitted, valid));
        CalibrationResult result = Solve(new Parts(fitted, [.. loads.Except(fitted)], StepsOf(withSteps, fitted)), stated, notes);
        return TwinProfile.Of(result, loads, StepsOf(valid, fitted));
    }

    private static string[] NamesOf(IEnumerable<RunRecord> records) => [.. records.Select(record => RecordReplay.Describe(record).Id)];

    /// <summary>The fit to steps alone, where there are too few operating points for more.</summary>
    private static CalibrationResult FitToSteps(RunRecord[] records, StatedSystem stated, List<string> notes)
    {
        CalibrationResult result = SimulatorCalibration.Fit(records, stated);
        return result with
        {
            Notes =
            [
                .. notes.Concat(result.Notes).Distinct(),
                $"fitted to steps alone, with no run held out: the records are fewer than {MinOperatingPoints} operating points",
            ],
        };
    }

    private static CalibrationResult Solve(Parts parts, StatedSystem stated, List<string> notes)
    {
        StartConstants StartOf(IReadOnlyList<ObservedLoad> loads) => StartFrom(parts.Steps, loads, stated);
        StartConstants start = StartOf(parts.Fitted);
        ObservedSolution solution = ObservedFit.Fit(parts.Fitted, start);
        List<ObservedResidual> residuals = [.. ResidualsOf(parts.Fitted, solution, CalibrationPart.Fitted)];
        residuals.AddRange(ResidualsOf(parts.HeldOut, solution, CalibrationPart.HeldOut));
        if (parts.HeldOut.Count == 0)
        {
            residuals.AddRange(CrossValidate(parts.Fitted, StartOf, solution.Values));
        }

        SimulatedSystem system = SystemConstants.With(parts.Fitted[0].System, solution.Values);
        return new CalibrationResult
        {
            Constants = [.. solution.Constants],
            Gpu = system.Gpu,
            Engine = system.Engine,
            StepResiduals = [],
            PowerResiduals = [],
            ObservedResiduals = residuals,
            FurtherRuns = FurtherRuns.Of(parts.Fitted, solution),
            Notes = [.. notes, .. UntoldConstants.Of(solution)],
        };
    }

    /// <summary>Predicts each part of the loads with constants that were fitted to all others.</summary>
    private static IEnumerable<ObservedResidual> CrossValidate(
        IReadOnlyList<ObservedLoad> loads,
        Func<IReadOnlyList<ObservedLoad>, StartConstants> startOf,
        IReadOnlyDictionary<CalibrationConstant, double> near)
    {
        foreach (IReadOnlySet<string> fold in HoldOut.Folds(loads))
        {
            ObservedLoad[] others = [.. loads.Where(load => !fold.Contains(load.OperatingPoint))];
            if (LoadChecks.PointsOf(others) >= MinOperatingPoints - 1)
            {
                ObservedSolution solution = ObservedFit.Fit(others, startOf(others), near);
                foreach (ObservedResidual residual in ResidualsOf([.. loads.Except(others)], solution, CalibrationPart.CrossValidated))
                {
                    yield return residual;
                }
            }
        }
    }

    private static IEnumerable<ObservedResidual> ResidualsOf(
        IReadOnlyList<ObservedLoad> loads, ObservedSolution solution, CalibrationPart part)
    {
        Prediction[] before = ObservedLoad.Predict(loads, new Dictionary<CalibrationConstant, double>());
        Prediction[] after = ObservedLoad.Predict(loads, solution.Values);
        return from item in loads.Index()
               from metric in Enum.GetValues<PointMetric>()
               where new PointResult(item.Item.Measured, null, after[item.Index], null).Compares(metric)
               select new ObservedResidual(
                   item.Item.Name,
                   metric,
                   part,
                   item.Item.Measured.Value(metric)!.Value,
                   before[item.Index].Value(metric) ?? double.NaN,
                   after[item.Index].Value(metric)!.Value);
    }

    /// <summary>What the user states, with the engine profile that is nearest where neither the user nor a record names one.</summary>
    private static StatedSystem WithEngine(RunRecord[] records, StatedSystem stated, List<string> notes)
    {
        if (records.Length == 0 || !RecordLoads.LacksEngine(records, stated))
        {
            return stated;
        }

        StatedSystem probe = stated with { Engine = Engines.EngineCatalog.Names[0] };
        SimulatedSystem.ThrowIfAny(RecordLoads.Check(records, probe));
        string name = RecordLoads.NearestEngine(records, stated);
        notes.Add($"the records name no engine with a profile: the fit starts from {name}, whose predictions are nearest "
            + "(--engine names another)");
        return stated with { Engine = name };
    }

    /// <summary>The records with steps among those that are fitted to.</summary>
    private static RunRecord[] StepsOf(RunRecord[] withSteps, ObservedLoad[] fitted)
    {
        HashSet<string> paths = [.. fitted.Select(load => load.Path)];
        return [.. withSteps.Where(record => paths.Contains(Path.TrimEndingDirectorySeparator(record.Folder)))];
    }

    private static StartConstants StartFrom(IReadOnlyList<RunRecord> withSteps, IReadOnlyList<ObservedLoad> loads, StatedSystem stated)
    {
        RunRecord[] records = StepsOf([.. withSteps], [.. loads]);
        int steps = records.Sum(record => record.Steps.Count(step => !step.IsIdle));
        return steps < SimulatorCalibration.MinSteps
            ? StartConstants.Definitions
            : new StartConstants(SimulatorCalibration.Fit(records, stated).Constants);
    }

    /// <summary>The loads of a calibration by what they are for.</summary>
    /// <param name="Fitted">Those that constants are fitted to.</param>
    /// <param name="HeldOut">Those that are kept apart.</param>
    /// <param name="Steps">Records with steps among the fitted ones.</param>
    private sealed record Parts(IReadOnlyList<ObservedLoad> Fitted, IReadOnlyList<ObservedLoad> HeldOut, IReadOnlyList<RunRecord> Steps);
}
