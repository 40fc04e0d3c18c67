using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Simulation.Physics;

/// <summary>Size and speed of the weights of the layers in each number format.</summary>
internal static class WeightFormat
{
    /// <summary>Bytes of scales for each weight: one 16-bit scale for each group of 128 weights.</summary>
    private const double GroupScaleBytes = 2.0 / 128;

    /// <summary>
    /// Memory efficiency of products with integer weights relative to 16-bit ones. It is assumed that unpacking costs a tenth of the
    /// bandwidth.
    /// </summary>
    private const double UnpackingMemoryShare = 0.9;

    /// <summary>
    /// Compute efficiency of products with integer weights relative to 16-bit ones. It is assumed that unpacking takes 15 % of the issue
    /// slots.
    /// </summary>
    private const double UnpackingComputeShare = 0.85;

    /// <summary>Bytes of one weight, including scales.</summary>
    internal static double BytesPerWeight(Precision precision) => precision switch
    {
        Precision.Bf16 => 2,
        Precision.Fp8 => 1,
        Precision.Int8 => 1 + GroupScaleBytes,
        Precision.Int4 => 0.5 + GroupScaleBytes,
        _ => 4,
    };

    /// <summary>
    /// Speed at which an accelerator multiplies with weights of a format; <c>null</c> where the accelerator has no rating for the format.
    /// Integer weights are unpacked and multiplied in 16 bits, with efficiencies that are assumed and not measured.
    /// </summary>
    internal static PrecisionRating? Rating(GpuDefinition gpu, Precision precision) => precision switch
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

    /// <summary>
    /// Speed of attention and of the head, which stay unquantised: in 32 bits where the weights have 32 bits, otherwise in 16 bits.
    /// </summary>
    internal static PrecisionRating? ActivationRating(GpuDefinition gpu, Precision precision) =>
        precision == Precision.Fp32 ? gpu.Fp32 : gpu.Bf16;
}
