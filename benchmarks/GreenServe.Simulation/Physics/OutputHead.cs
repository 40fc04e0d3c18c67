using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Physics;

/// <summary>
/// The product with the output head, one row for each token that is sampled. The head stays in at least 16 bits, as in quantised
/// checkpoints.
/// </summary>
internal static class OutputHead
{
    /// <summary>Bytes of one weight of the head and the embedding: 4 where the layers have 32 bits, otherwise 2.</summary>
    internal static double BytesPerWeight(Precision precision) => precision == Precision.Fp32 ? 4 : 2;

    /// <summary>Operations on each accelerator, in FLOP.</summary>
    internal static double Flops(in ModelWeights weights, int rows, int tensorParallelism) =>
        2 * weights.HeadWeights * rows / tensorParallelism;

    /// <summary>Bytes of weights read on each accelerator; 0 when no row is sampled.</summary>
    internal static double Bytes(in ModelWeights weights, int rows, int tensorParallelism, double bytesPerWeight = 2) =>
        rows == 0 ? 0 : weights.HeadWeights * bytesPerWeight / tensorParallelism;
}
