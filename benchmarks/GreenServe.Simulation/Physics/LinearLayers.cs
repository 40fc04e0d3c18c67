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
    /// <param name="weights">The weights.</param>
    /// <param name="tokens">Number of tokens of the step.</param>
    /// <param name="bytesPerWeight">Bytes of one weight.</param>
    /// <param name="tensorParallelism">Number of accelerators that share each layer.</param>
    /// <param name="choiceExponent">Exponent of the independent choices of experts, in (0, 1].</param>
    internal static double Bytes(
        in ModelWeights weights, int tokens, double bytesPerWeight, int tensorParallelism, double choiceExponent = 1) =>
        weights.TouchedWeights(tokens, choiceExponent) * bytesPerWeight / tensorParallelism;

    /// <summary>
    /// Time of work that is limited by a compute rate in FLOP per second and a bandwidth in bytes per second at once, in seconds.
    /// </summary>
    internal static double Seconds(double flops, double bytes, double flopsPerSecond, double bytesPerSecond) =>
        SoftMaximum.Of(flops / flopsPerSecond, bytes / bytesPerSecond);
}
