using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Calibration;

/// <summary>Fits the simulator to measured runs: hardware efficiencies and host work to <c>steps.csv</c>, power constants to <c>power.csv</c>.</summary>
public static class SimulatorCalibration
{
    /// <summary>Fits to runs on one kind of accelerator, engine and number format; models and loads may differ.</summary>
    /// <param name="records">The runs. Simulated ones are taken too, to test the fit itself.</param>
    /// <param name="gpu">Accelerator to start from, where a record's name is not in the catalogue; <c>null</c> for the record's.</param>
    /// <param name="engine">Profile to start from, where a record's name is not in the catalogue; <c>null</c> for the record's.</param>
    /// <exception cref="InvalidInputException">The runs cannot be used together, or one lacks what is needed; every reason.</exception>
    public static CalibrationResult Fit(IReadOnlyList<RunRecord> records, string? gpu = null, string? engine = null)
    {
        SimulatedSystem.ThrowIfAny(Check(records, gpu, engine));
        CalibrationRun[] runs = [.. records.Select((record, index) => CalibrationRun.Of(index, record, SystemOf(record, gpu, engine)))];
        IReadOnlyList<FittedConstant> steps = StepFit.Fit(runs);
        CalibrationRun[] stepped = [.. runs.Select(run => run with { System = StepFit.With(run.System, Told(steps)) })];
        IReadOnlyList<FittedConstant> power = PowerFit.Fit(stepped);
        CalibrationRun[] fitted = [.. stepped.Select(run => run with { System = StepFit.With(run.System, Told(power)) })];
        return new CalibrationResult
        {
            Constants = [.. steps, .. power],
            Gpu = fitted[0].System.Gpu,
            Engine = fitted[0].System.Engine,
            StepResiduals = [.. runs.Zip(fitted).SelectMany(pair => StepResiduals(pair.First, pair.Second))],
            PowerResiduals = [.. runs.Zip(fitted).SelectMany(pair => PowerResiduals(pair.First, pair.Second))],
        };
    }

    private static Dictionary<CalibrationConstant, double> Told(IReadOnlyList<FittedConstant> constants) =>
        constants.Where(constant => constant.IsTold).ToDictionary(constant => constant.Constant, constant => constant.Value);

    private static SimulatedSystem SystemOf(RunRecord record, string? gpu, string? engine) => new()
    {
        Model = ModelCatalog.Read(record.Manifest.Model),
        Gpu = GpuCatalogue.Find(gpu ?? record.Manifest.System!.Gpu),
        GpuCount = Math.Max(record.Manifest.System?.GpuCount ?? 1, record.Manifest.Knobs.TensorParallelism),
        Engine = EngineCatalogue.Find(engine ?? record.Manifest.System!.Engine),
        Knobs = record.Manifest.Knobs,
    };

    private static IEnumerable<Problem> Check(IReadOnlyList<RunRecord> records, string? gpu, string? engine)
    {
        if (records.Count == 0)
        {
            yield return new Problem("records", "none", "at least one run record");
            yield break;
        }

        foreach (RunRecord record in records)
        {
            if (!record.Steps.Any(step => !step.IsIdle && step.DurationSeconds > 0))
            {
                yield return new Problem(RunFiles.Steps, "no step with work", "engine steps, to fit to", record.Folder);
            }

            if (record.Manifest.System is null && (gpu is null || engine is null))
            {
                yield return new Problem("$.system", null, "a record that names GPU and engine, or --gpu and --engine", record.Folder);
            }

            if (ModelCatalog.Find(record.Manifest.Model) is null)
            {
                yield return new Problem("$.model", $"'{record.Manifest.Model}'", $"one of {string.Join(", ", ModelCatalog.Names)}", record.Folder);
            }
        }

        foreach ((string what, Func<RunManifest, string?> key) in new (string, Func<RunManifest, string?>)[]
        {
            ("$.system.gpu", manifest => gpu ?? manifest.System?.Gpu),
            ("$.system.engine", manifest => engine ?? manifest.System?.Engine),
            ("$.knobs.precision", manifest => EnumText.Of(manifest.Knobs.Precision)),
        })
        {
            string?[] values = [.. records.Select(record => key(record.Manifest)).Distinct()];
            if (values.Length > 1)
            {
                yield return new Problem(what, string.Join(" and ", values), "the same in all records: fit each apart");
            }
        }
    }

    private static IEnumerable<CalibrationResidual> StepResiduals(CalibrationRun before, CalibrationRun after)
    {
        StepPhysics first = new(before.System);
        StepPhysics second = new(after.System);
        foreach (MeasuredStep step in StepFit.Choose([.. before.Steps]))
        {
            yield return new CalibrationResidual(
                before.Name,
                step.StartSeconds,
                step.Seconds,
                first.Times(step.Shape, step.ClockRatio).Total,
                second.Times(step.Shape, step.ClockRatio).Total);
        }
    }

    private static IEnumerable<CalibrationResidual> PowerResiduals(CalibrationRun before, CalibrationRun after)
    {
        double[] then = Watts(before.System);
        double[] now = Watts(after.System);
        return PowerFit.Windows(before).Zip(PowerFit.Windows(after)).Select(pair => new CalibrationResidual(
            before.Name,
            pair.First.StartSeconds,
            pair.First.Joules / pair.First.Seconds,
            pair.First.Predict(then) / pair.First.Seconds,
            pair.Second.Predict(now) / pair.Second.Seconds));
    }

    private static double[] Watts(SimulatedSystem system) =>
        [system.Gpu.Power.ClockedWatts, system.Gpu.Power.MemoryWatts, system.Gpu.Power.ComputeWatts];
}
