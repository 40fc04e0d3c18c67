namespace GreenServe.Simulation.Physics;

/// <summary>Work of one accelerator that costs energy.</summary>
/// <param name="MemorySeconds">Bytes moved over the nominal bandwidth (s), each kind weighed by what it draws relative to weights for many rows.</param>
/// <param name="ComputeSeconds">Operations done over the nominal peak at the highest clock (s).</param>
/// <param name="SamplingSeconds">Time spent sampling (s).</param>
public readonly record struct PowerWork(double MemorySeconds, double ComputeSeconds, double SamplingSeconds)
{
    /// <summary>Both together.</summary>
    public static PowerWork operator +(in PowerWork left, in PowerWork right) => new(
        left.MemorySeconds + right.MemorySeconds, left.ComputeSeconds + right.ComputeSeconds, left.SamplingSeconds + right.SamplingSeconds);

    /// <summary>A multiple.</summary>
    public static PowerWork operator *(double factor, in PowerWork work) =>
        new(factor * work.MemorySeconds, factor * work.ComputeSeconds, factor * work.SamplingSeconds);
}
