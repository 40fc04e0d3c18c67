namespace GreenServe.Engine.CommandLine;

/// <summary>Which library computes.</summary>
public enum RunnerKind
{
    /// <summary>ONNX Runtime, on the CPU; comes with the suite.</summary>
    Onnx,

    /// <summary>libtorch of an installed PyTorch, on a CUDA device or the CPU.</summary>
    Torch,
}
