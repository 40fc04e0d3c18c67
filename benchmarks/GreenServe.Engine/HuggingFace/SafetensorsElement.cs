namespace GreenServe.Engine.HuggingFace;

/// <summary>Element types of safetensors files that hold weights of the Llama family.</summary>
internal enum SafetensorsElement
{
    /// <summary>bfloat16.</summary>
    BF16,

    /// <summary>IEEE half.</summary>
    F16,

    /// <summary>IEEE single.</summary>
    F32,
}
