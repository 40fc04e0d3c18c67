using GreenServe.Serving.Servers;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>A server that commands are written for, with what its preset does not hold.</summary>
/// <param name="Preset">Its preset, which says how each knob is put on the command line.</param>
/// <param name="Title">Its name for a reader.</param>
/// <param name="Family">What the names of engine profiles of this server begin with.</param>
/// <param name="Image">Its container image, without a tag.</param>
internal sealed record DeployedServer(ServerPreset Preset, string Title, string Family, string Image)
{
    /// <summary>Every server that commands are written for.</summary>
    internal static IReadOnlyList<DeployedServer> All { get; } =
    [
        new(ServerPreset.Vllm, "vLLM", "vllm", "vllm/vllm-openai"),
        new(ServerPreset.Sglang, "SGLang", "sglang", "lmsysorg/sglang"),
        new(ServerPreset.TensorRtLlm, "TensorRT-LLM", "trtllm", "nvcr.io/nvidia/tensorrt-llm/release"),
        new(ServerPreset.LlamaCpp, "llama.cpp", "llama", "ghcr.io/ggml-org/llama.cpp"),
    ];

    /// <summary>Whether the server reads its weights from a file of its own format.</summary>
    internal bool ReadsFile => Preset == ServerPreset.LlamaCpp;

    /// <summary>Whether a profile is one of this server's.</summary>
    internal bool IsOf(string engine) => engine.StartsWith(Family, StringComparison.OrdinalIgnoreCase);
}
