using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Fits the simulator to measured runs: hardware efficiencies and host work to <c>steps.csv</c>, power constants to <c>power.csv</c>, and
/// the front end to <c>requests.csv</c>.
/// </summary>
public static class SimulatorCalibration
{
    /// <summary>Number of steps with work that a fit needs, in all records together: more than it has constants.</summary>
    public const int MinSteps = 20;

    /// <summary>Largest number of steps of each run whose residuals are reported.</summary>
    private const int MaxResiduals = 1000;

    /// <summary>
    /// Largest number of rounds. Times and power depend on each other where the power cap binds, so that they are fitted in turn until they
    /// agree.
    /// </summary>
    private const int MaxRounds = 8;

    /// <summary>Relative change of every power constant from one round to the next that counts as agreement.</summary>
    private const double Agreement = 1e-3;

    /// <summary>Number of records without meters that a note names.</summary>
    private const int MaxNamed = 5;

    /// <summary>
    /// Fits the constants to runs on one kind of accelerator, engine and number format. Models, loads and clocks may differ.
    /// </summary>
    /// <param name="records">The runs. Simulated ones are accepted, so that the fit itself can be tested.</param>
    /// <param name="stated">What the user states of the system in place of the records; <c>null</c> for nothing.</param>
    /// <exception cref="InvalidInputException">
    /// The runs cannot be used together, or one lacks something that the fit needs. The exception lists every reason.
    /// </exception>
    public static CalibrationResult Fit(IReadOnlyList<RunRecord> records, StatedSystem? stated = null)
    {
        stated ??= new StatedSystem();
        SimulatedSystem.ThrowIfAny(Check(records, stated));
        HostSpeed? host = CalibrationHost.Of(records);
        CalibrationRun[] runs =
        [
            .. records.Select((record, index) =>
                CalibrationRun.Of(index, record, CalibrationHost.FittedOn(RecordedSystem.Of(record, stated), host))),
        ];
        SimulatedSystem.ThrowIfAny(CheckTogether(records, runs));

        IReadOnlyList<FittedConstant> frontEnd = FrontEndFit.Fit(runs);
        IReadOnlyList<FittedConstant> baselines = BaselineFit.Fit(runs);
        CalibrationConstant[] known = [.. baselines.Select(constant => constant.Constant)];
        IReadOnlyList<FittedConstant> steps = [];
        IReadOnlyList<FittedConstant> power = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            // Each fit starts from its constants before the first round, which are also what is known without the runs.
            steps = StepFit.Fit(With(runs, [.. steps, .. baselines, .. power]), runs[0].System);
            IReadOnlyList<FittedConstant> found = PowerFit.Fit(runs, With(runs, [.. steps, .. baselines, .. power]), known);
            bool agrees = found.Zip(power).All(pair => Math.Abs(pair.First.Value - pair.Second.Value) <= Agreement * pair.First.Value);
            power = found;
            if (agrees && (power.Count == 0 || round > 0))
            {
                break;
            }
        }

        CalibrationRun[] fitted = With(runs, [.. frontEnd, .. steps, .. baselines, .. power]);
        CalibrationRun[] before = With(runs, []);
        return new CalibrationResult
        {
            Constants = [.. steps.Concat(frontEnd), .. baselines, .. power],
            Gpu = fitted[0].System.Gpu,
            Engine = fitted[0].System.Engine,
            StepResiduals = [.. before.Zip(fitted).SelectMany(pair => StepResiduals(pair.First, pair.Second))],
            PowerResiduals = [.. before.Zip(fitted).SelectMany(pair => PowerResiduals(pair.First, pair.Second))],
            Notes = [.. Notes(runs, frontEnd, power), .. CalibrationHost.Notes([.. runs.Select(run => run.System)])],
        };
    }

    private static CalibrationRun[] With(CalibrationRun[] runs, IReadOnlyList<FittedConstant> constants)
    {
        Dictionary<CalibrationConstant, double> values =
            constants.ToDictionary(constant => constant.Constant, constant => constant.Value);
        return [.. runs.Select(run => (run with { System = SystemConstants.With(run.System, values) }).WithClocks())];
    }

    private static IEnumerable<Problem> Check(IReadOnlyList<RunRecord> records, StatedSystem stated)
    {
        if (records.Count == 0)
        {
            yield return new Problem("records", "none", "at least one run record");
        }

        foreach (RunRecord record in records)
        {
            if (!record.Steps.Any(step => !step.IsIdle && step.DurationSeconds > 0))
            {
                yield return new Problem(RunFiles.Steps, "no step with work", "engine steps, to fit to", record.Folder);
            }

            foreach (Problem problem in RecordedSystem.Check(record, stated))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<Problem> CheckTogether(IReadOnlyList<RunRecord> records, CalibrationRun[] runs)
    {
        foreach ((string what, Func<CalibrationRun, string> key) in new (string, Func<CalibrationRun, string>)[]
        {
            ("$.system.gpu", run => run.System.Gpu.Name),
            ("$.system.engine", run => run.System.Engine.Name),
            ("$.knobs.precision", run => EnumText.Of(run.System.Precision)),
        })
        {
            string[] values = [.. runs.Select(key).Distinct()];
            if (values.Length > 1)
            {
                yield return new Problem(what, string.Join(" and ", values), "the same in all records: fit each apart");
            }
        }

        foreach ((RunRecord record, CalibrationRun run) in records.Zip(runs))
        {
            foreach (Problem problem in run.System.Check())
            {
                yield return problem with { File = record.Folder };
            }
        }

        int steps = runs.Sum(run => run.Steps.Count);
        if (steps < MinSteps)
        {
            yield return new Problem(RunFiles.Steps, $"{steps} steps with work in all records", $"at least {MinSteps}: too few to fit to");
        }
    }

    private static IEnumerable<string> Notes(
        CalibrationRun[] runs, IReadOnlyList<FittedConstant> frontEnd, IReadOnlyList<FittedConstant> power)
    {
        string[] unmetered = [.. runs.Where(run => run.Energy.Count < 2).Select(run => run.Name)];
        if (unmetered.Length > 0)
        {
            string more = unmetered.Length > MaxNamed ? ", .." : "";
            yield return $"power was not measured in {unmetered.Length} of {runs.Length} records: "
                + $"{string.Join(", ", unmetered.Take(MaxNamed))}{more}";
        }

        if (power.Count == 0)
        {
            int windows = runs.Sum(run => PowerFitWindow.Of(run, PowerFit.ShortestSeconds).Count());
            yield return $"power constants were left as they were: {windows} windows of at least {PowerFit.ShortestSeconds:F0} s "
                + $"between meter readings, at least {PowerFit.MinWindows} are needed";
        }

        if (frontEnd.Count == 0)
        {
            yield return "the front end was left as it was: too few requests came to an idle engine";
        }

        int layers = runs.Select(run => run.System.Model.Layers).Distinct().Count();
        if (layers == 1)
        {
            yield return "all models have the same number of layers: times of a layer and of a step cannot be told apart, only their sum";
        }
    }

    /// <summary>
    /// Chooses steps evenly over time. Half of them have prompts where there are enough, since prompts are rare but determine the time to
    /// first token.
    /// </summary>
    private static IEnumerable<(MeasuredStep Before, MeasuredStep After)> Choose(
        (MeasuredStep Before, MeasuredStep After)[] steps, int max)
    {
        (MeasuredStep Before, MeasuredStep After)[] prompts = [.. steps.Where(step => step.Before.Shape.PrefillTokens > 0)];
        (MeasuredStep Before, MeasuredStep After)[] others = [.. steps.Where(step => step.Before.Shape.PrefillTokens == 0)];
        int promptShare = Math.Min(prompts.Length, Math.Max(max / 2, max - others.Length));
        return Thin(prompts, promptShare).Concat(Thin(others, max - promptShare)).OrderBy(step => step.Before.StartSeconds);
    }

    private static IEnumerable<T> Thin<T>(T[] steps, int max) => steps.Length <= max
        ? steps
        : Enumerable.Range(0, max).Select(index => steps[(int)((long)index * steps.Length / max)]);

    private static IEnumerable<CalibrationResidual> StepResiduals(CalibrationRun before, CalibrationRun after)
    {
        Func<MeasuredStep, StepCost> then = before.Predictor();
        Func<MeasuredStep, StepCost> now = after.Predictor();
        foreach ((MeasuredStep Before, MeasuredStep After) step in Choose([.. before.Steps.Zip(after.Steps)], MaxResiduals))
        {
            yield return new CalibrationResidual(
                before.Name, step.Before.StartSeconds, step.Before.Seconds, then(step.Before).Seconds, now(step.After).Seconds);
        }
    }

    private static IEnumerable<CalibrationResidual> PowerResiduals(CalibrationRun before, CalibrationRun after)
    {
        IEnumerable<PowerFitWindow> then = PowerFitWindow.Of(before, PowerFit.ShortestSeconds);
        IEnumerable<PowerFitWindow> now = PowerFitWindow.Of(after, PowerFit.ShortestSeconds);
        return then.Zip(now).Select(pair => new CalibrationResidual(
            before.Name,
            pair.First.StartSeconds,
            pair.First.Joules / pair.First.Seconds,
            pair.First.PredictedJoules(before.System.Gpu.Power) / pair.First.Seconds,
            pair.Second.PredictedJoules(after.System.Gpu.Power) / pair.Second.Seconds));
    }
}
