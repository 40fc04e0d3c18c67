namespace GreenServe.Engine.CommandLine;

/// <summary>Format in which an engine holds weights.</summary>
public enum EnginePrecision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>bfloat16, activations and cache too; torch runner only.</summary>
    Bf16,

    /// <summary>8-bit integers in blocks, activations and cache in float32; ONNX runner only.</summary>
    Int8,

    /// <summary>4-bit integers in blocks, activations and cache in float32; ONNX runner only.</summary>
    Int4,
}
