using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>The constants of a system that can be fitted. A new constant is one row of the table.</summary>
internal static class SystemConstants
{
    /// <summary>
    /// Upper bound of the compute watts, as a multiple of the highest cap. A board that needed more could not hold half of its clock on
    /// large products. Without a bound the fit could raise the power of prompts without limit, since the cap hides it.
    /// </summary>
    private const double MaxComputeCaps = 2;

    /// <summary>
    /// Standard deviation of the power of working before a fit, in watts. Kernels of other engines keep an accelerator busy in other ways
    /// than those that the catalog was fitted to.
    /// </summary>
    private const double BusySpreadWatts = 100;

    /// <summary>Smallest efficiency. No kernel that serves is slower than a hundredth of the hardware.</summary>
    private const double MinEfficiency = 0.01;

    private static readonly FittableConstant[] Table =
    [
        Efficiency(
            CalibrationConstant.ComputeEfficiency,
            system => Rating(system).ComputeEfficiency,
            (system, value) => system with { Gpu = Rated(system, rating => rating with { ComputeEfficiency = value }) }),
        Efficiency(
            CalibrationConstant.MemoryEfficiency,
            system => Rating(system).MemoryEfficiency,
            (system, value) => system with { Gpu = Rated(system, rating => rating with { MemoryEfficiency = value }) }),
        Efficiency(
            CalibrationConstant.DecodeAttentionEfficiency,
            system => system.Gpu.DecodeAttentionEfficiency,
            (system, value) => system with { Gpu = system.Gpu with { DecodeAttentionEfficiency = value } }),
        Efficiency(
            CalibrationConstant.PrefillAttentionEfficiency,
            system => system.Gpu.PrefillAttentionEfficiency,
            (system, value) => system with { Gpu = system.Gpu with { PrefillAttentionEfficiency = value } }),
        Cost(
            CalibrationConstant.LayerSeconds,
            costs => costs.LayerSeconds,
            (costs, value) => costs with { LayerSeconds = value },
            step => step.Layers),
        Cost(
            CalibrationConstant.StepSeconds,
            costs => costs.StepSeconds,
            (costs, value) => costs with { StepSeconds = value },
            _ => 1),
        Cost(
            CalibrationConstant.SequenceSeconds,
            costs => costs.SequenceSeconds,
            (costs, value) => costs with { SequenceSeconds = value },
            step => step.Sequences),
        Cost(
            CalibrationConstant.PromptStepSeconds,
            costs => costs.PromptStepSeconds,
            (costs, value) => costs with { PromptStepSeconds = value },
            _ => 1),
        Cost(
            CalibrationConstant.TensorParallelStepSeconds,
            costs => costs.TensorParallelStepSeconds,
            (costs, value) => costs with { TensorParallelStepSeconds = value },
            _ => 1) with { NeedsParallelism = true },
        Cost(
            CalibrationConstant.TensorParallelSequenceSeconds,
            costs => costs.TensorParallelSequenceSeconds,
            (costs, value) => costs with { TensorParallelSequenceSeconds = value },
            step => step.Sequences) with { NeedsParallelism = true },
        Cost(
            CalibrationConstant.OverlappedLayerSeconds,
            costs => costs.OverlappedLayerSeconds,
            (costs, value) => costs with { OverlappedLayerSeconds = value },
            step => step.Layers) with { NeedsStart = true },
        Cost(
            CalibrationConstant.OverlappedSequenceSeconds,
            costs => costs.OverlappedSequenceSeconds,
            (costs, value) => costs with { OverlappedSequenceSeconds = value },
            step => step.Sequences) with { IsFlatAtZero = true },
        Cost(
            CalibrationConstant.OverlappedExchangeSeconds,
            costs => costs.OverlappedExchangeSeconds,
            (costs, value) => costs with { OverlappedExchangeSeconds = value },
            step => 2 * step.Layers) with { NeedsStart = true, NeedsParallelism = true },
        Cost(
            CalibrationConstant.AttentionTokenSeconds,
            costs => costs.AttentionTokenSeconds,
            (costs, value) => costs with { AttentionTokenSeconds = value },
            step => step.Layers * step.ContextTokens) with { NeedsStart = true },
        new()
        {
            Constant = CalibrationConstant.FrontEndSeconds,
            Kind = ConstantKind.RequestTime,
            Get = system => system.Engine.FrontEndSeconds,
            Set = (system, value) => system with { Engine = system.Engine with { FrontEndSeconds = value } },
        },
        Power(
            CalibrationConstant.IdleWatts,
            ConstantKind.Power,
            power => power.IdleWatts,
            (power, value) => power with { IdleWatts = value }),
        Power(
            CalibrationConstant.ClockedWatts,
            ConstantKind.Power,
            power => power.ClockedWatts,
            (power, value) => power with { ClockedWatts = value }),
        Power(
            CalibrationConstant.BusyWatts,
            ConstantKind.Power,
            power => power.BusyWatts,
            (power, value) => power with { BusyWatts = value }) with { MinSpreadWatts = BusySpreadWatts },
        Power(
            CalibrationConstant.MemoryWatts,
            ConstantKind.Power,
            power => power.MemoryWatts,
            (power, value) => power with { MemoryWatts = value }),
        Power(
            CalibrationConstant.OneRowDiscount,
            ConstantKind.Share,
            power => power.OneRowDiscountRatio,
            (power, value) => power with { OneRowDiscountRatio = value }) with { Max = _ => 1 },
        Power(
            CalibrationConstant.ContextReadRatio,
            ConstantKind.Ratio,
            power => power.ContextReadRatio,
            (power, value) => power with { ContextReadRatio = value }) with { Max = _ => 10 },
        Power(
            CalibrationConstant.ComputeWatts,
            ConstantKind.Power,
            power => power.ComputeWatts,
            (power, value) => power with { ComputeWatts = value }) with { Max = MaxComputeWatts },
    ];

    private static readonly Dictionary<CalibrationConstant, FittableConstant> Rows = Table.ToDictionary(row => row.Constant);

    /// <summary>The constants that times of steps and requests depend on, in the order of the table.</summary>
    internal static IReadOnlyList<FittableConstant> Times { get; } =
        [.. Table.Where(row => row.Kind is ConstantKind.Efficiency or ConstantKind.StepTime or ConstantKind.RequestTime)];

    /// <summary>The constants that power alone depends on, in the order of the table.</summary>
    internal static IReadOnlyList<FittableConstant> Powers { get; } = [.. Table.Except(Times)];

    /// <summary>The row of a constant.</summary>
    internal static FittableConstant Row(CalibrationConstant constant) => Rows[constant];

    /// <summary>The value of a constant in a system.</summary>
    internal static double Of(SimulatedSystem system, CalibrationConstant constant) => Rows[constant].Get(Here(system));

    /// <summary>A system with some constants replaced. Its engine profile then has no overrides for other accelerators.</summary>
    internal static SimulatedSystem With(SimulatedSystem system, IReadOnlyDictionary<CalibrationConstant, double> values) =>
        values.Aggregate(Here(system), (changed, pair) => Rows[pair.Key].Set(changed, pair.Value));

    /// <summary>The system with its engine's overrides for this accelerator applied, and without scaling to a host.</summary>
    private static SimulatedSystem Here(SimulatedSystem system) => system with { Engine = system.Engine.On(system.Gpu.Name) };

    /// <summary>
    /// The rating that the system's number format computes with. Formats without a rating of their own compute in 16 bits.
    /// </summary>
    private static PrecisionRating Rating(SimulatedSystem system) => system.Precision switch
    {
        Precision.Fp8 when system.Gpu.Fp8 is { } eight => eight,
        Precision.Fp4 when system.Gpu.Fp4 is { } four => four,
        Precision.Fp32 when system.Gpu.Fp32 is { } single => single,
        _ => system.Gpu.Bf16,
    };

    /// <summary>The accelerator with that rating replaced.</summary>
    private static GpuDefinition Rated(SimulatedSystem system, Func<PrecisionRating, PrecisionRating> change) => system.Precision switch
    {
        Precision.Fp8 when system.Gpu.Fp8 is { } eight => system.Gpu with { Fp8 = change(eight) },
        Precision.Fp4 when system.Gpu.Fp4 is { } four => system.Gpu with { Fp4 = change(four) },
        Precision.Fp32 when system.Gpu.Fp32 is { } single => system.Gpu with { Fp32 = change(single) },
        _ => system.Gpu with { Bf16 = change(system.Gpu.Bf16) },
    };

    private static double MaxComputeWatts(SimulatedSystem system) =>
        Math.Max(system.Gpu.Power.ComputeWatts, MaxComputeCaps * system.Gpu.PowerCap.HighestWatts);

    private static FittableConstant Efficiency(
        CalibrationConstant constant, Func<SimulatedSystem, double> get, Func<SimulatedSystem, double, SimulatedSystem> set) => new()
        {
            Constant = constant,
            Kind = ConstantKind.Efficiency,
            Get = get,
            Set = set,
            Min = MinEfficiency,
            Max = _ => 1,
        };

    private static FittableConstant Cost(
        CalibrationConstant constant,
        Func<EngineCosts, double> get,
        Func<EngineCosts, double, EngineCosts> set,
        Func<TypicalStep, double> timesInStep) => new()
        {
            Constant = constant,
            Kind = ConstantKind.StepTime,
            Get = system => get(system.Engine.Costs),
            Set = (system, value) => system with { Engine = system.Engine with { Costs = set(system.Engine.Costs, value) } },
            TimesInStep = timesInStep,
        };

    private static FittableConstant Power(
        CalibrationConstant constant,
        ConstantKind kind,
        Func<PowerConstants, double> get,
        Func<PowerConstants, double, PowerConstants> set) => new()
        {
            Constant = constant,
            Kind = kind,
            Get = system => get(system.Gpu.Power),
            Set = (system, value) => system with { Gpu = system.Gpu with { Power = set(system.Gpu.Power, value) } },
        };
}
