using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Validation;

/// <summary>Where a simulated point lies among all settings: what decides how far its errors say something about another point's.</summary>
/// <param name="Engine">Name of the engine profile.</param>
/// <param name="Gpu">Name of the accelerator.</param>
/// <param name="GpuBytesPerSecond">Bandwidth of the accelerator's memory, in bytes per second.</param>
/// <param name="GpuFlopsPerSecond">Peak of the accelerator in 16 bits, in floating-point operations per second.</param>
/// <param name="WeightsPerToken">Weights that one token meets: of a mixture of experts, those of its own experts.</param>
/// <param name="IsMixture">Whether the model is a mixture of experts.</param>
/// <param name="Precision">Number format of weights and matrix products.</param>
/// <param name="TensorParallelism">Number of accelerators that share each layer.</param>
/// <param name="ConcurrentRequests">Requests that run at once.</param>
public sealed record SimulatedSetting(
    string Engine,
    string Gpu,
    double GpuBytesPerSecond,
    double GpuFlopsPerSecond,
    double WeightsPerToken,
    bool IsMixture,
    Precision Precision,
    int TensorParallelism,
    double ConcurrentRequests)
{
    /// <summary>
    /// What is set below the accelerator's highest, in words, for example <c>a GPU clock of 1200 MHz</c>; <c>null</c> for nothing. No
    /// published point is like that.
    /// </summary>
    public string? Lowered { get; init; }

    /// <summary>The setting of a system.</summary>
    /// <param name="system">The system.</param>
    /// <param name="concurrentRequests">Requests that run at once, at least 1.</param>
    public static SimulatedSetting Of(SimulatedSystem system, double concurrentRequests)
    {
        ModelDefinition model = system.Model;
        return new SimulatedSetting(
            system.Engine.Name,
            system.Gpu.Name,
            system.Gpu.MemoryBytesPerSecond,
            system.Gpu.Bf16.PeakFlopsPerSecond,
            (model with { Experts = model.ExpertsPerToken }).ParameterCount(),
            model.Experts > 1,
            system.Precision,
            system.TensorParallelism,
            Math.Max(1, concurrentRequests))
        {
            Lowered = LoweredOf(system),
        };
    }

    private static string? LoweredOf(SimulatedSystem system)
    {
        ClockRange clocks = system.Gpu.Clock;
        bool isSlow = system.Knobs.GpuClockMegahertz is { } clock && clock < clocks.HighestMegahertz - (clocks.StepMegahertz / 2);
        bool isCapped = system.Knobs.PowerCapWatts is { } cap && cap < system.Gpu.PowerCap.HighestWatts;
        return isSlow ? FormattableString.Invariant($"a GPU clock of {system.Knobs.GpuClockMegahertz} MHz")
            : isCapped ? FormattableString.Invariant($"a power cap of {system.Knobs.PowerCapWatts} W")
            : null;
    }
}
