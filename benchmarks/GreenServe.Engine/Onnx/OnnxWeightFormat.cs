namespace GreenServe.Engine.Onnx;

/// <summary>How the CPU runner stores the weights of its matrices. Activations and cache are float32 in all of them.</summary>
public enum OnnxWeightFormat
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>8-bit integers in blocks of 32.</summary>
    Int8,

    /// <summary>4-bit integers in blocks of 32.</summary>
    Int4,
}
