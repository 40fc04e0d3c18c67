using System.Text.Json.Serialization;

namespace GreenServe.Serving.Servers;

/// <summary>The servers whose command line, flags and paths are known.</summary>
public enum ServerPreset
{
    /// <summary>The preset of vLLM.</summary>
    [JsonStringEnumMemberName("vllm")]
    Vllm,

    /// <summary>The preset of SGLang.</summary>
    [JsonStringEnumMemberName("sglang")]
    Sglang,

    /// <summary>The preset of <c>trtllm-serve</c>, the server of TensorRT-LLM.</summary>
    [JsonStringEnumMemberName("tensorrt-llm")]
    TensorRtLlm,

    /// <summary>The preset of Text Generation Inference.</summary>
    [JsonStringEnumMemberName("tgi")]
    Tgi,

    /// <summary>The server of llama.cpp.</summary>
    [JsonStringEnumMemberName("llama-cpp")]
    LlamaCpp,

    /// <summary>The built-in server in front of the simulated engine.</summary>
    [JsonStringEnumMemberName("simulated")]
    Simulated,

    /// <summary>The built-in server in front of the reference engine.</summary>
    [JsonStringEnumMemberName("engine")]
    Engine,
}
