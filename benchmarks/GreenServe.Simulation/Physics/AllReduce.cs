using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// Time of the all-reduces of a step, which sum activations over the accelerators after a layer's attention and feed-forward network.
/// </summary>
/// <param name="FixedSeconds">Latency of all all-reduces of a step, in seconds.</param>
/// <param name="SecondsPerToken">Time that each token of the step adds, in seconds.</param>
internal readonly record struct AllReduce(double FixedSeconds, double SecondsPerToken)
{
    /// <summary>All-reduces of one layer: one after attention and one after the feed-forward network.</summary>
    internal const int EachLayer = 2;

    /// <summary>Bytes of one activation. Activations stay in 16 bits whatever the format of the weights.</summary>
    private const double ActivationBytes = 2;

    /// <summary>The time for a model; zero on one accelerator.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tensorParallelism">Number of accelerators that share each layer.</param>
    /// <param name="rating">Cost of an all-reduce over their link; <c>null</c> on one accelerator.</param>
    /// <param name="latencyRatio">Latency of the engine's all-reduce relative to that of the rating.</param>
    internal static AllReduce For(ModelDefinition model, int tensorParallelism, AllReduceRating? rating, double latencyRatio = 1)
    {
        if (tensorParallelism == 1 || rating is null)
        {
            return default;
        }

        double ringShare = 2.0 * (tensorParallelism - 1) / tensorParallelism;
        return new AllReduce(
            EachLayer * model.Layers * rating.LatencySeconds * latencyRatio,
            EachLayer * model.Layers * ringShare * model.HiddenSize * ActivationBytes / rating.BytesPerSecond);
    }

    /// <summary>Time of a step of so many tokens, in seconds.</summary>
    internal double Seconds(int tokens) => FixedSeconds + (SecondsPerToken * tokens);
}
