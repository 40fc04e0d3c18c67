using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>
/// Fits the simulator to measured runs: hardware efficiencies and host work to <c>steps.csv</c>, power constants to <c>power.csv</c>, the
/// front end to <c>requests.csv</c>.
/// </summary>
public static class SimulatorCalibration
{
    /// <summary>Steps with work needed at least, in all records together.</summary>
    public const int MinSteps = 20;

    /// <summary>Steps whose residuals are told, for each run.</summary>
    private const int MaxResiduals = 1000;

    /// <summary>Times and power depend on each other where the power cap binds: fitted in turn until they agree.</summary>
    private const int MaxRounds = 8;

    private const double Agreement = 1e-3;

    /// <summary>Fits to runs on one kind of accelerator, engine and number format; models, loads and clocks may differ.</summary>
    /// <param name="records">The runs. Simulated ones are taken too, to test the fit itself.</param>
    /// <param name="gpu">Accelerator to start from, where a record's name is not in the catalogue; <c>null</c> for the record's.</param>
    /// <param name="engine">Profile to start from, where a record's name is not in the catalogue; <c>null</c> for the record's.</param>
    /// <exception cref="InvalidInputException">The runs cannot be used together, or one lacks what is needed; every reason.</exception>
    public static CalibrationResult Fit(IReadOnlyList<RunRecord> records, string? gpu = null, string? engine = null)
    {
        SimulatedSystem.ThrowIfAny(Check(records, gpu, engine));
        CalibrationRun[] runs = [.. records.Select((record, index) => CalibrationRun.Of(index, record, RecordedSystem.Of(record, gpu, engine)))];
        SimulatedSystem.ThrowIfAny(CheckTogether(records, runs));

        IReadOnlyList<FittedConstant> frontEnd = FrontEndFit.Fit(runs);
        IReadOnlyList<FittedConstant> baselines = BaselineFit.Fit(runs);
        IReadOnlyList<FittedConstant> steps = [];
        IReadOnlyList<FittedConstant> power = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            // Each fit starts from the constants before, which are also what is known without the runs; the others as found so far.
            steps = StepFit.Fit(With(runs, [.. steps, .. baselines, .. power]), runs[0].System);
            IReadOnlyList<FittedConstant> found = PowerFit.Fit(runs, With(runs, [.. steps, .. baselines, .. power]), [.. baselines.Select(constant => constant.Constant)]);
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
            Notes = [.. Notes(runs, frontEnd, power)],
        };
    }

    private static CalibrationRun[] With(CalibrationRun[] runs, IReadOnlyList<FittedConstant> constants)
    {
        Dictionary<CalibrationConstant, double> values = constants.ToDictionary(constant => constant.Constant, constant => constant.Value);
        return [.. runs.Select(run => (run with { System = SystemConstants.With(run.System, values) }).WithClocks())];
    }

    private static IEnumerable<Problem> Check(IReadOnlyList<RunRecord> records, string? gpu, string? engine)
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

            foreach (Problem problem in RecordedSystem.Check(record, gpu, engine))
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
            ("$.knobs.precision", run => EnumText.Of(run.System.Knobs.Precision)),
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

    private static IEnumerable<string> Notes(CalibrationRun[] runs, IReadOnlyList<FittedConstant> frontEnd, IReadOnlyList<FittedConstant> power)
    {
        string[] unmetered = [.. runs.Where(run => run.Energy.Count < 2).Select(run => run.Name)];
        if (unmetered.Length > 0)
        {
            yield return $"power was not measured in {unmetered.Length} of {runs.Length} records: {string.Join(", ", unmetered.Take(5))}{(unmetered.Length > 5 ? ", .." : "")}";
        }

        if (power.Count == 0)
        {
            int windows = runs.Sum(run => PowerFitWindow.Of(run, PowerFit.ShortestSeconds).Count());
            yield return $"power constants were left as they were: {windows} windows of at least {PowerFit.ShortestSeconds:F0} s between meter readings, at least {PowerFit.MinWindows} are needed";
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

    /// <summary>An even choice of steps, half of them with prompts where there are so many: prompts are rare, and time to first token is theirs.</summary>
    private static IEnumerable<(MeasuredStep Before, MeasuredStep After)> Choose((MeasuredStep Before, MeasuredStep After)[] steps, int most)
    {
        (MeasuredStep Before, MeasuredStep After)[] prompts = [.. steps.Where(step => step.Before.Shape.PrefillTokens > 0)];
        (MeasuredStep Before, MeasuredStep After)[] others = [.. steps.Where(step => step.Before.Shape.PrefillTokens == 0)];
        int promptShare = Math.Min(prompts.Length, Math.Max(most / 2, most - others.Length));
        return Thin(prompts, promptShare).Concat(Thin(others, most - promptShare)).OrderBy(step => step.Before.StartSeconds);
    }

    private static IEnumerable<T> Thin<T>(T[] steps, int most) => steps.Length <= most
        ? steps
        : Enumerable.Range(0, most).Select(index => steps[(int)((long)index * steps.Length / most)]);

    private static IEnumerable<CalibrationResidual> StepResiduals(CalibrationRun before, CalibrationRun after)
    {
        Func<MeasuredStep, StepCost> then = before.Predictor();
        Func<MeasuredStep, StepCost> now = after.Predictor();
        foreach ((MeasuredStep Before, MeasuredStep After) step in Choose([.. before.Steps.Zip(after.Steps)], MaxResiduals))
        {
            yield return new CalibrationResidual(before.Name, step.Before.StartSeconds, step.Before.Seconds, then(step.Before).Seconds, now(step.After).Seconds);
        }
    }

    private static IEnumerable<CalibrationResidual> PowerResiduals(CalibrationRun before, CalibrationRun after) =>
        PowerFitWindow.Of(before, PowerFit.ShortestSeconds).Zip(PowerFitWindow.Of(after, PowerFit.ShortestSeconds)).Select(pair => new CalibrationResidual(
            before.Name,
            pair.First.StartSeconds,
            pair.First.Joules / pair.First.Seconds,
            pair.First.Predict(before.System.Gpu.Power) / pair.First.Seconds,
            pair.Second.Predict(after.System.Gpu.Power) / pair.Second.Seconds));
}
