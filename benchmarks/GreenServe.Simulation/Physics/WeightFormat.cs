using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>What a number format means for the weights of the layers.</summary>
public static class WeightFormat
{
    /// <summary>One 16-bit scale for each group of 128 weights.</summary>
    private const double GroupScaleBytes = 2.0 / 128;

    /// <summary>Memory efficiency of products with integer weights against 16-bit ones (assumed: unpacking costs a little bandwidth).</summary>
    private const double UnpackingMemoryShare = 0.9;

    /// <summary>Compute efficiency of products with integer weights against 16-bit ones (assumed: unpacking takes issue slots).</summary>
    private const double UnpackingComputeShare = 0.85;

    /// <summary>Bytes of one weight, scales included.</summary>
    public static double BytesPerWeight(Precision precision) => precision switch
    {
        Precision.Bf16 => 2,
        Precision.Fp8 => 1,
        Precision.Int8 => 1 + GroupScaleBytes,
        Precision.Int4 => 0.5 + GroupScaleBytes,
        _ => 4,
    };

    /// <summary>
    /// How fast an accelerator multiplies with weights of a format; <c>null</c> where it, or the model of it, cannot. Integer weights are
    /// unpacked and multiplied in 16 bits; their efficiencies are assumed, not measured.
    /// </summary>
    public static PrecisionRating? Rating(GpuDefinition gpu, Precision precision) => precision switch
    {
        Precision.Bf16 => gpu.Bf16,
        Precision.Fp8 => gpu.Fp8,
        Precision.Fp32 => gpu.Fp32,
        Precision.Int8 or Precision.Int4 => gpu.Bf16 with
        {
            MemoryEfficiency = gpu.Bf16.MemoryEfficiency * UnpackingMemoryShare,
            ComputeEfficiency = gpu.Bf16.ComputeEfficiency * UnpackingComputeShare,
        },
        _ => null,
    };

    /// <summary>How fast it multiplies what stays unquantised, attention and the head: in 32 bits where the weights are, else in 16.</summary>
    public static PrecisionRating? ActivationRating(GpuDefinition gpu, Precision precision) => precision == Precision.Fp32 ? gpu.Fp32 : gpu.Bf16;
}
