namespace GreenServe.Records.Systems;

/// <summary>Number format of weights and matrix products.</summary>
public enum Precision
{
    /// <summary>bfloat16 or float16: 2 bytes for each number.</summary>
    Bf16,

    /// <summary>8-bit floating point: 1 byte for each number.</summary>
    Fp8,

    /// <summary>8-bit integer weights.</summary>
    Int8,

    /// <summary>4-bit integer weights with matrix products in 16 bits.</summary>
    Int4,

    /// <summary>32-bit floating point: 4 bytes for each number.</summary>
    Fp32,

    /// <summary>
    /// 4-bit floating point with a scale for each group of weights (NVFP4, MXFP4). Accelerators without units for it multiply in 16 bits.
    /// </summary>
    Fp4,
}
