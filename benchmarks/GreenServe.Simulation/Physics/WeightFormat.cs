using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>Size and speed of the weights of the layers in each number format.</summary>
public static class WeightFormat
{
    /// <summary>Bytes of scales for each weight: one 16-bit scale for each group of 128 weights.</summary>
    private const double GroupScaleBytes = 2.0 / 128;

    /// <summary>
    /// Bytes of scales for each 4-bit floating-point weight: one 8-bit scale for each group of 16 weights (NVFP4). MXFP4 has one for 32,
    /// so that its weights are 6 % smaller than they are taken for.
    /// </summary>
    private const double FloatScaleBytes = 1.0 / 16;

    /// <summary>
    /// Memory efficiency of products with unpacked weights relative to 16-bit ones. It is assumed that unpacking costs a tenth of the
    /// bandwidth.
    /// </summary>
    private const double UnpackingMemoryShare = 0.9;

    /// <summary>
    /// Compute efficiency of products with unpacked weights relative to 16-bit ones. It is assumed that unpacking takes 15 % of the issue
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
        Precision.Fp4 => 0.5 + FloatScaleBytes,
        _ => 4,
    };

    /// <summary>Whether the weights outside the experts of a model stay in 16 bits where those of the experts have a format.</summary>
    internal static bool KeepsDenseWeightsWide(ModelDefinition model, Precision precision) =>
        model.QuantisesExpertsAlone && precision is not (Precision.Bf16 or Precision.Fp32);

    /// <summary>Whether the speed of an accelerator with weights of a format is known or can be worked out.</summary>
    /// <param name="gpu">The accelerator.</param>
    /// <param name="precision">The format.</param>
    public static bool IsRated(GpuDefinition gpu, Precision precision) => Rating(gpu, precision) is not null;

    /// <summary>
    /// Speed at which an accelerator multiplies with weights of a format; <c>null</c> where the accelerator has no rating for the format.
    /// Integer weights, and 4-bit floats on an accelerator without units for them, are unpacked and multiplied in 16 bits, with
    /// efficiencies that are assumed and not measured.
    /// </summary>
    internal static PrecisionRating? Rating(GpuDefinition gpu, Precision precision) => precision switch
    {
        Precision.Bf16 => gpu.Bf16,
        Precision.Fp8 => gpu.Fp8,
        Precision.Fp32 => gpu.Fp32,
        Precision.Fp4 => gpu.Fp4 ?? Unpacked(gpu.Bf16),
        Precision.Int8 or Precision.Int4 => Unpacked(gpu.Bf16),
        _ => null,
    };

    /// <summary>
    /// Speed of attention and of the head, which stay unquantised: in 32 bits where the weights have 32 bits, otherwise in 16 bits.
    /// </summary>
    internal static PrecisionRating? ActivationRating(GpuDefinition gpu, Precision precision) =>
        precision == Precision.Fp32 ? gpu.Fp32 : gpu.Bf16;

    private static PrecisionRating Unpacked(PrecisionRating wide) => wide with
    {
        MemoryEfficiency = wide.MemoryEfficiency * UnpackingMemoryShare,
        ComputeEfficiency = wide.ComputeEfficiency * UnpackingComputeShare,
    };
}
