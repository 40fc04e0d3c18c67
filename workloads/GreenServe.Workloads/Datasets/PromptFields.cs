using System.Text.Json;

namespace GreenServe.Workloads.Datasets;

/// <summary>The names under which a format keeps a single prompt and what belongs to it. The first name that an entry has counts.</summary>
/// <param name="Text">Names of the prompt.</param>
/// <param name="System">Names of the instruction before it.</param>
/// <param name="InputTokens">Names of the length of the prompt.</param>
/// <param name="OutputTokens">Names of the length of the output.</param>
/// <remarks>
/// Sources: vLLM 0.11 <c>CustomDataset</c>; GuideLLM's column mapper (its defaults); AIPerf 0.14, "Custom Dataset Guide".
/// </remarks>
internal sealed record PromptFields(string[] Text, string[] System, string[] InputTokens, string[] OutputTokens)
{
    private static readonly PromptFields Vllm = new(["prompt"], [], [], ["output_tokens"]);
    private static readonly PromptFields Aiperf = new(["text"], [], [], ["output_length"]);
    private static readonly PromptFields Guidellm = new(
        ["prompt", "instruction", "question", "input", "context", "content", "text"],
        ["system_prompt", "system", "prefix"],
        ["prompt_tokens_count", "input_tokens_count"],
        ["output_tokens_count", "completion_tokens_count"]);

    /// <summary>The names of a format of single prompts.</summary>
    internal static PromptFields Of(DatasetFormat format) => format switch
    {
        DatasetFormat.Vllm => Vllm,
        DatasetFormat.Aiperf => Aiperf,
        DatasetFormat.Guidellm => Guidellm,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no format of single prompts"),
    };

    /// <summary>Finds the format of a file by its first entry; <c>null</c> for an entry of no known format.</summary>
    internal static DatasetFormat? Detect(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        bool Has(string name) => entry.TryGetProperty(name, out _);

        return Has("conversations") ? DatasetFormat.Sharegpt
            : Has("messages") ? DatasetFormat.Messages
            : Has("turns") || Has("session_id") ? DatasetFormat.Aiperf
            : Guidellm.InputTokens.Concat(Guidellm.OutputTokens).Concat(Guidellm.System).Any(Has) ? DatasetFormat.Guidellm
            : Has("prompt") ? DatasetFormat.Vllm
            : Has("text") ? DatasetFormat.Aiperf
            : Guidellm.Text.Any(Has) ? DatasetFormat.Guidellm
            : null;
    }
}
