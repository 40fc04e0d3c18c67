using System.Text.Json.Serialization;

namespace GreenServe.Serving.Dialects;

/// <summary>The dialects: servers, or ways to speak to one, whose wire formats are known.</summary>
public enum DialectName
{
    /// <summary>The API as OpenAI documents it, without extensions.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAi,

    /// <summary>vLLM and the built-in servers.</summary>
    [JsonStringEnumMemberName("vllm")]
    Vllm,

    /// <summary>SGLang.</summary>
    [JsonStringEnumMemberName("sglang")]
    Sglang,

    /// <summary>TensorRT-LLM's <c>trtllm-serve</c>.</summary>
    [JsonStringEnumMemberName("tensorrt-llm")]
    TensorRtLlm,

    /// <summary>Text Generation Inference through its OpenAI endpoints.</summary>
    [JsonStringEnumMemberName("tgi")]
    Tgi,

    /// <summary>Text Generation Inference through its own <c>/generate_stream</c>.</summary>
    [JsonStringEnumMemberName("tgi-generate")]
    TgiGenerate,

    /// <summary>The server of llama.cpp.</summary>
    [JsonStringEnumMemberName("llama-cpp")]
    LlamaCpp,

    /// <summary>Ollama through its OpenAI endpoints.</summary>
    [JsonStringEnumMemberName("ollama")]
    Ollama,

    /// <summary>Ollama through its own <c>/api/generate</c> and <c>/api/chat</c>.</summary>
    [JsonStringEnumMemberName("ollama-native")]
    OllamaNative,
}
