using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Physics;

/// <summary>What a number format means for the weights of the layers.</summary>
public static class WeightFormat
{
    /// <summary>Bytes of one weight.</summary>
    public static double BytesPerWeight(Precision precision) => precision switch
    {
        Precision.Bf16 => 2,
        Precision.Fp8 or Precision.Int8 => 1,
        Precision.Int4 => 0.5,
        _ => 4,
    };
}
