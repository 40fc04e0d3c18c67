using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Summing activations over the accelerators, twice a layer (after attention and after feed-forward).</summary>
/// <param name="FixedSeconds">Latency of a step's all-reduces (s).</param>
/// <param name="SecondsPerToken">Added by each token (s).</param>
public readonly record struct AllReduce(double FixedSeconds, double SecondsPerToken)
{
    /// <summary>After attention and after the feed-forward network.</summary>
    internal const int EachLayer = 2;

    private const double ActivationBytes = 2;

    /// <summary>The cost for a model; nothing on one accelerator.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tensorParallelism">Accelerators.</param>
    /// <param name="rating">Their link; <c>null</c> on one accelerator.</param>
    public static AllReduce For(ModelDefinition model, int tensorParallelism, AllReduceRating? rating)
    {
        if (tensorParallelism == 1 || rating is null)
        {
            return default;
        }

        double ringShare = 2.0 * (tensorParallelism - 1) / tensorParallelism;
        return new AllReduce(
            EachLayer * model.Layers * rating.LatencySeconds,
            EachLayer * model.Layers * ringShare * model.HiddenSize * ActivationBytes / rating.BytesPerSecond);
    }

    /// <summary>Time (s) of a step of this many tokens.</summary>
    public double Seconds(int tokens) => FixedSeconds + (SecondsPerToken * tokens);
}
