using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Records.Runs;
using MathNet.Numerics.LinearAlgebra;

namespace GreenServe.Simulation.Calibration;

/// <summary>Fits efficiencies and host work to the durations of measured steps.</summary>
internal static class StepFit
{
    /// <summary>Steps used at most: an even choice of all.</summary>
    private const int MostSteps = 3000;

    /// <summary>The definitions before count as one more observation: each constant's logarithm is known to within 1.</summary>
    private const double PriorSpread = 1;

    /// <summary>Least relative error of a step's duration: no meter and no model is better.</summary>
    private const double LeastError = 0.02;

    private const double LeastSeconds = 1e-7;
    private const double TwoSided95 = 1.96;

    private static readonly CalibrationConstant[] Constants =
    [
        CalibrationConstant.ComputeEfficiency, CalibrationConstant.MemoryEfficiency, CalibrationConstant.DecodeAttentionEfficiency,
        CalibrationConstant.PrefillAttentionEfficiency, CalibrationConstant.StepSeconds, CalibrationConstant.SequenceSeconds,
    ];

    /// <summary>Fits the constants to the steps of all runs together.</summary>
    internal static IReadOnlyList<FittedConstant> Fit(IReadOnlyList<CalibrationRun> runs)
    {
        MeasuredStep[] steps = Choose([.. runs.SelectMany(run => run.Steps)]);
        double[] before = [.. Constants.Select(constant => Math.Log(Before(runs[0].System, constant)))];

        // Relative errors: a long step counts no more than a short one.
        (double[] fitted, Matrix<double> inverse, double variance) = LeastSquares.Fit(
            parameters =>
            [
                .. Residuals(runs, steps, parameters),
                .. parameters.Zip(before, (now, then) => (now - then) / PriorSpread * LeastError),
            ],
            before);
        Matrix<double> covariance = inverse * Math.Max(variance, LeastError * LeastError);
        return [.. Constants.Select((constant, index) =>
        {
            double half = TwoSided95 * Math.Sqrt(Math.Max(0, covariance[index, index]));
            double most = IsEfficiency(constant) ? 1 : double.PositiveInfinity;
            double value = Math.Exp(fitted[index]);
            return new FittedConstant(
                constant, Math.Min(most, value), value * Math.Exp(-half), Math.Min(most, value * Math.Exp(half)), Math.Exp(before[index]));
        })];
    }

    /// <summary>A system with some constants replaced.</summary>
    internal static SimulatedSystem With(SimulatedSystem system, IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        double Value(CalibrationConstant constant, double before) => values.TryGetValue(constant, out double value) ? value : before;
        PrecisionRating Rated(PrecisionRating rating) => rating with
        {
            ComputeEfficiency = Math.Min(1, Value(CalibrationConstant.ComputeEfficiency, rating.ComputeEfficiency)),
            MemoryEfficiency = Math.Min(1, Value(CalibrationConstant.MemoryEfficiency, rating.MemoryEfficiency)),
        };
        GpuDefinition gpu = system.Gpu;
        bool eight = system.Knobs.Precision == Precision.Fp8 && gpu.Fp8 is not null;
        EngineProfile engine = system.EngineHere;
        return system with
        {
            Gpu = gpu with
            {
                Bf16 = eight ? gpu.Bf16 : Rated(gpu.Bf16),
                Fp8 = eight ? Rated(gpu.Fp8!) : gpu.Fp8,
                DecodeAttentionEfficiency = Math.Min(1, Value(CalibrationConstant.DecodeAttentionEfficiency, gpu.DecodeAttentionEfficiency)),
                PrefillAttentionEfficiency = Math.Min(1, Value(CalibrationConstant.PrefillAttentionEfficiency, gpu.PrefillAttentionEfficiency)),
                Power = gpu.Power with
                {
                    ClockedWatts = Value(CalibrationConstant.ClockedWatts, gpu.Power.ClockedWatts),
                    MemoryWatts = Value(CalibrationConstant.MemoryWatts, gpu.Power.MemoryWatts),
                    ComputeWatts = Value(CalibrationConstant.ComputeWatts, gpu.Power.ComputeWatts),
                },
            },
            Engine = engine with
            {
                Costs = engine.Costs with
                {
                    StepSeconds = Value(CalibrationConstant.StepSeconds, engine.Costs.StepSeconds),
                    SequenceSeconds = Value(CalibrationConstant.SequenceSeconds, engine.Costs.SequenceSeconds),
                },
            },
        };
    }

    /// <summary>The constant of a system, at least a trifle, since it is fitted as a logarithm.</summary>
    internal static double Before(SimulatedSystem system, CalibrationConstant constant)
    {
        PrecisionRating rating = WeightFormat.Rating(system.Gpu, system.Knobs.Precision)!;
        EngineCosts costs = system.EngineHere.Costs;
        return constant switch
        {
            CalibrationConstant.ComputeEfficiency => rating.ComputeEfficiency,
            CalibrationConstant.MemoryEfficiency => rating.MemoryEfficiency,
            CalibrationConstant.DecodeAttentionEfficiency => system.Gpu.DecodeAttentionEfficiency,
            CalibrationConstant.PrefillAttentionEfficiency => system.Gpu.PrefillAttentionEfficiency,
            CalibrationConstant.StepSeconds => Math.Max(LeastSeconds, costs.StepSeconds),
            CalibrationConstant.SequenceSeconds => Math.Max(LeastSeconds, costs.SequenceSeconds),
            CalibrationConstant.ClockedWatts => system.Gpu.Power.ClockedWatts,
            CalibrationConstant.MemoryWatts => system.Gpu.Power.MemoryWatts,
            _ => system.Gpu.Power.ComputeWatts,
        };
    }

    /// <summary>An even choice of steps, so that many runs take no longer than one.</summary>
    internal static MeasuredStep[] Choose(MeasuredStep[] steps)
    {
        int stride = (steps.Length + MostSteps - 1) / MostSteps;
        return stride <= 1 ? steps : [.. steps.Where((_, index) => index % stride == 0)];
    }

    private static double[] Residuals(IReadOnlyList<CalibrationRun> runs, MeasuredStep[] steps, double[] parameters)
    {
        Dictionary<CalibrationConstant, double> values = Constants.Index().ToDictionary(item => item.Item, item => Math.Exp(parameters[item.Index]));
        StepPhysics[] physics = [.. runs.Select(run => new StepPhysics(With(run.System, values)))];
        return [.. steps.Select(step => Math.Log(physics[step.Run].Times(step.Shape, step.ClockRatio).Total / step.Seconds))];
    }

    private static bool IsEfficiency(CalibrationConstant constant) => constant <= CalibrationConstant.PrefillAttentionEfficiency;
}
