using GreenServe.Serving.Dialects;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.Dialects;

/// <summary>
/// Response bodies in the folder Transcripts. They were written by hand after each server's documentation and source, with their oddities.
/// </summary>
internal static class Transcripts
{
    internal static Transcript[] All { get; } =
    [
        new("vLLM completions", DialectName.Vllm, "vllm-completions.sse", [1, 1, 1], 6),
        new(
            "vLLM chat with speculative decoding and a reasoning field", DialectName.Vllm, "vllm-chat-speculative.sse", [3, 4, 1], 12),
        new("SGLang completions", DialectName.Sglang, "sglang-completions.sse", [1, 1], 6),
        new("TensorRT-LLM completions", DialectName.TensorRtLlm, "tensorrt-llm-completions.sse", [1, 2], 5),
        new("TGI chat with keep-alive comments", DialectName.Tgi, "tgi-chat.sse", [1, 1], 41),
        new("TGI generate_stream", DialectName.TgiGenerate, "tgi-generate-stream.sse", [1, 1, 1], 6),
        new("llama.cpp completions", DialectName.LlamaCpp, "llama-cpp-completions.sse", [1, 1], 6),
        new("Ollama chat", DialectName.Ollama, "ollama-chat.sse", [1, 1], 31),
        new("Ollama api/generate", DialectName.OllamaNative, "ollama-api-generate.ndjson", [1, 1], 6),
        new("Ollama api/chat with thinking", DialectName.OllamaNative, "ollama-api-chat.ndjson", [1, 1], 14),
        new("OpenAI chat with log-probabilities", DialectName.OpenAi, "openai-chat.sse", [2], 9),
        new("OpenAI completions, counted only at the end", DialectName.OpenAi, "openai-completions.sse", [1, 1], 6)
        {
            AreTokenTimesKnown = false,
        },
    ];
}

/// <summary>One response body as a server writes it, and what it means.</summary>
/// <param name="Name">Server and endpoint.</param>
/// <param name="Dialect">The dialect that reads it.</param>
/// <param name="FileName">Name of the file with the body.</param>
/// <param name="ChunkTokens">Number of tokens of each chunk that has any, in order.</param>
/// <param name="InputTokens">Number of prompt tokens by the server's count.</param>
internal sealed record Transcript(string Name, DialectName Dialect, string FileName, int[] ChunkTokens, int InputTokens)
{
    private static readonly string Folder =
        Repository.PathOf("tests", "GreenServe.Tests", "Serving", "Dialects", "Transcripts");

    /// <summary>The body, byte for byte.</summary>
    internal string Body { get; } = File.ReadAllText(Path.Combine(Folder, FileName));

    /// <summary>Whether the number of tokens of each chunk can be known from the body.</summary>
    internal bool AreTokenTimesKnown { get; init; } = true;

    public override string ToString() => Name;
}
