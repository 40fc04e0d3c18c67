using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Reads and replaces the constants of a system that can be fitted.</summary>
internal static class SystemConstants
{
    /// <summary>The value of a constant in a system.</summary>
    internal static double Of(SimulatedSystem system, CalibrationConstant constant)
    {
        PrecisionRating rating = WeightFormat.Rating(system.Gpu, system.Precision)!;
        EngineCosts costs = system.EngineHere.Costs;
        PowerConstants power = system.Gpu.Power;
        return constant switch
        {
            CalibrationConstant.ComputeEfficiency => rating.ComputeEfficiency,
            CalibrationConstant.MemoryEfficiency => rating.MemoryEfficiency,
            CalibrationConstant.DecodeAttentionEfficiency => system.Gpu.DecodeAttentionEfficiency,
            CalibrationConstant.PrefillAttentionEfficiency => system.Gpu.PrefillAttentionEfficiency,
            CalibrationConstant.LayerSeconds => costs.LayerSeconds,
            CalibrationConstant.StepSeconds => costs.StepSeconds,
            CalibrationConstant.SequenceSeconds => costs.SequenceSeconds,
            CalibrationConstant.OverlappedLayerSeconds => costs.OverlappedLayerSeconds,
            CalibrationConstant.AttentionTokenSeconds => costs.AttentionTokenSeconds,
            CalibrationConstant.FrontEndSeconds => system.EngineHere.FrontEndSeconds,
            CalibrationConstant.IdleWatts => power.IdleWatts,
            CalibrationConstant.ContextReadRatio => power.ContextReadRatio,
            CalibrationConstant.ClockedWatts => power.ClockedWatts,
            CalibrationConstant.MemoryWatts => power.MemoryWatts,
            CalibrationConstant.OneRowDiscount => power.OneRowDiscountRatio,
            CalibrationConstant.ComputeWatts => power.ComputeWatts,
            _ => throw new ArgumentOutOfRangeException(nameof(constant)),
        };
    }

    /// <summary>A system with some constants replaced. Its engine profile then has no overrides for other accelerators.</summary>
    internal static SimulatedSystem With(SimulatedSystem system, IReadOnlyDictionary<CalibrationConstant, double> values)
    {
        double Value(CalibrationConstant constant) =>
            values.TryGetValue(constant, out double value) ? value : Of(system, constant);
        PrecisionRating Rated(PrecisionRating rating) => rating with
        {
            ComputeEfficiency = Value(CalibrationConstant.ComputeEfficiency),
            MemoryEfficiency = Value(CalibrationConstant.MemoryEfficiency),
        };
        GpuDefinition gpu = system.Gpu;
        Precision precision = system.Precision;
        EngineProfile engine = system.EngineHere;
        return system with
        {
            Gpu = gpu with
            {
                Bf16 = precision is Precision.Fp8 or Precision.Fp32 || (precision == Precision.Fp4 && gpu.Fp4 is not null) ? gpu.Bf16 : Rated(gpu.Bf16),
                Fp8 = precision == Precision.Fp8 && gpu.Fp8 is { } eight ? Rated(eight) : gpu.Fp8,
                Fp4 = precision == Precision.Fp4 && gpu.Fp4 is { } four ? Rated(four) : gpu.Fp4,
                Fp32 = precision == Precision.Fp32 && gpu.Fp32 is { } single ? Rated(single) : gpu.Fp32,
                DecodeAttentionEfficiency = Value(CalibrationConstant.DecodeAttentionEfficiency),
                PrefillAttentionEfficiency = Value(CalibrationConstant.PrefillAttentionEfficiency),
                Power = gpu.Power with
                {
                    IdleWatts = Value(CalibrationConstant.IdleWatts),
                    ContextReadRatio = Value(CalibrationConstant.ContextReadRatio),
                    ClockedWatts = Value(CalibrationConstant.ClockedWatts),
                    MemoryWatts = Value(CalibrationConstant.MemoryWatts),
                    OneRowDiscountRatio = Value(CalibrationConstant.OneRowDiscount),
                    ComputeWatts = Value(CalibrationConstant.ComputeWatts),
                },
            },
            Engine = engine with
            {
                FrontEndSeconds = Value(CalibrationConstant.FrontEndSeconds),
                Costs = engine.Costs with
                {
                    LayerSeconds = Value(CalibrationConstant.LayerSeconds),
                    StepSeconds = Value(CalibrationConstant.StepSeconds),
                    SequenceSeconds = Value(CalibrationConstant.SequenceSeconds),
                    OverlappedLayerSeconds = Value(CalibrationConstant.OverlappedLayerSeconds),
                    AttentionTokenSeconds = Value(CalibrationConstant.AttentionTokenSeconds),
                },
            },
        };
    }
}
