using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Trust;

/// <summary>How far two settings lie apart. Each unit of distance halves what the error at one says about the error at the other.</summary>
/// <remarks>The weights are chosen, not fitted; <c>docs/simulator.md</c> lists them.</remarks>
internal static class SettingDistance
{
    /// <summary>Another engine profile of the same engine.</summary>
    internal const double OtherGeneration = 1;

    /// <summary>Another engine.</summary>
    internal const double OtherEngine = 2;

    /// <summary>Another accelerator, besides what its bandwidth and peak differ by.</summary>
    internal const double OtherGpu = 0.5;

    /// <summary>A mixture of experts against a dense model.</summary>
    internal const double OtherKind = 2;

    /// <summary>Another number format.</summary>
    internal const double OtherPrecision = 1;

    /// <summary>Each doubling of the weights that a token meets.</summary>
    internal const double DoubledWeights = 0.5;

    /// <summary>Each doubling of tensor parallelism.</summary>
    internal const double DoubledParallelism = 0.5;

    /// <summary>Each doubling of the requests that run at once.</summary>
    internal const double DoubledRequests = 0.25;

    /// <summary>The distance of two settings, at least 0.</summary>
    internal static double Between(SimulatedSetting one, SimulatedSetting other) =>
        EngineDistance(one.Engine, other.Engine)
        + GpuDistance(one, other)
        + (one.IsMixture == other.IsMixture ? 0 : OtherKind)
        + (one.Precision == other.Precision ? 0 : OtherPrecision)
        + (DoubledWeights * Doublings(one.WeightsPerToken, other.WeightsPerToken))
        + (DoubledParallelism * Doublings(one.TensorParallelism, other.TensorParallelism))
        + (DoubledRequests * Doublings(one.ConcurrentRequests, other.ConcurrentRequests));

    private static double EngineDistance(string one, string other) =>
        one == other ? 0 : FamilyOf(one).SequenceEqual(FamilyOf(other)) ? OtherGeneration : OtherEngine;

    private static double GpuDistance(SimulatedSetting one, SimulatedSetting other) => one.Gpu == other.Gpu
        ? 0
        : OtherGpu + Math.Max(
            Doublings(one.GpuBytesPerSecond, other.GpuBytesPerSecond), Doublings(one.GpuFlopsPerSecond, other.GpuFlopsPerSecond));

    /// <summary>The engine of a profile: its name up to the first hyphen.</summary>
    private static ReadOnlySpan<char> FamilyOf(string engine) =>
        engine.IndexOf('-', StringComparison.Ordinal) is >= 0 and int end ? engine.AsSpan(0, end) : engine;

    private static double Doublings(double one, double other) => one == other ? 0 : Math.Abs(Math.Log2(one / other));
}
