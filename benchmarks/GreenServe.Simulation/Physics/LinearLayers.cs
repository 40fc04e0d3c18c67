namespace GreenServe.Simulation.Physics;

/// <summary>
/// Matrix products with the weights of the layers. Many tokens are limited by compute, few tokens by the time to read the weights.
/// </summary>
internal static class LinearLayers
{
    /// <summary>
    /// Matrix products of a layer: queries, keys and values together, attention output, feed-forward in, and feed-forward out.
    /// </summary>
    internal const int ProductsPerLayer = 4;

    /// <summary>Operations of a step on each accelerator, in FLOP: two for each weight that a token passes through.</summary>
    internal static double Flops(in ModelWeights weights, int tokens, int tensorParallelism) =>
        2 * weights.WeightsPerToken * tokens / tensorParallelism;

    /// <summary>Bytes of weights that a step reads on each accelerator.</summary>
    internal static double Bytes(in ModelWeights weights, int tokens, double bytesPerWeight, int tensorParallelism) =>
        weights.TouchedWeights(tokens) * bytesPerWeight / tensorParallelism;

    /// <summary>
    /// Time of work that is limited by a compute rate in FLOP per second and a bandwidth in bytes per second at once, in seconds.
    /// </summary>
    internal static double Seconds(double flops, double bytes, double flopsPerSecond, double bytesPerSecond) =>
        SoftMaximum.Of(flops / flopsPerSecond, bytes / bytesPerSecond);
}
