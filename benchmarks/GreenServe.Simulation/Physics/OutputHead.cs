using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Physics;

/// <summary>The product with the output head: one row for each token that is sampled. Kept in 16 bits, as quantised checkpoints do.</summary>
public static class OutputHead
{
    /// <summary>Bytes of one weight of the head and the embedding: 2 for every format of the layers of at most 16 bits, else 4.</summary>
    public static double BytesPerWeight(Precision precision) => precision == Precision.Fp32 ? 4 : 2;

    /// <summary>Operations on each accelerator (FLOP).</summary>
    public static double Flops(in ModelWeights weights, int rows, int tensorParallelism) => 2 * weights.Head * rows / tensorParallelism;

    /// <summary>Weight bytes read on each accelerator; none when no row is sampled.</summary>
    public static double Bytes(in ModelWeights weights, int rows, int tensorParallelism, double bytesPerWeight = 2) =>
        rows == 0 ? 0 : weights.Head * bytesPerWeight / tensorParallelism;
}
