namespace GreenServe.Simulation.Physics;

/// <summary>The matrix products with the layers' weights: bound by compute with many tokens, by reading the weights with few.</summary>
public static class LinearLayers
{
    /// <summary>Matrix products of a layer: queries, keys and values together; attention output; feed-forward in; feed-forward out.</summary>
    public const int ProductsPerLayer = 4;

    /// <summary>Operations of a step on each accelerator (FLOP): two for each weight a token goes through.</summary>
    public static double Flops(in ModelWeights weights, int tokens, int tensorParallelism) =>
        2 * weights.PerToken * tokens / tensorParallelism;

    /// <summary>Weight bytes a step reads on each accelerator.</summary>
    public static double Bytes(in ModelWeights weights, int tokens, double bytesPerWeight, int tensorParallelism) =>
        weights.Touched(tokens) * bytesPerWeight / tensorParallelism;

    /// <summary>Time (s) of work bound by reachable compute (FLOP/s) and reachable bandwidth (bytes/s) at once.</summary>
    public static double Seconds(double flops, double bytes, double flopsPerSecond, double bytesPerSecond) =>
        SoftMaximum.Of(flops / flopsPerSecond, bytes / bytesPerSecond);
}
