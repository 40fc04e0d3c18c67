namespace GreenServe.Workloads.Datasets;

/// <summary>Format of a dataset of prompts.</summary>
public enum DatasetFormat
{
    /// <summary>The format is recognized by the first entry of the file.</summary>
    Automatic,

    /// <summary>
    /// ShareGPT: a JSON array, or JSON lines, of objects with <c>conversations</c>, a list of <c>from</c> and <c>value</c>.
    /// </summary>
    Sharegpt,

    /// <summary>
    /// Messages as chat endpoints take them: a JSON array, or JSON lines, of objects with <c>messages</c>, a list of <c>role</c> and
    /// <c>content</c>.
    /// </summary>
    Messages,

    /// <summary>vLLM's custom format, JSON lines: <c>prompt</c>, and <c>output_tokens</c> if wanted.</summary>
    Vllm,

    /// <summary>
    /// GuideLLM's columns as JSON lines: <c>prompt</c> (or another of its names), <c>system_prompt</c>, <c>prompt_tokens_count</c>,
    /// <c>output_tokens_count</c>.
    /// </summary>
    Guidellm,

    /// <summary>
    /// AIPerf's JSON lines: <c>text</c>, <c>output_length</c>; or <c>session_id</c> and <c>turns</c>, a list of <c>text</c>,
    /// <c>output_length</c> and <c>delay</c> (ms).
    /// </summary>
    Aiperf,

    /// <summary>Verse that GreenServe writes: an equal beginning, then lines that differ from prompt to prompt. There is no file.</summary>
    Sonnet,
}

/// <summary>The order in which conversations are taken from a dataset.</summary>
public enum DatasetOrder
{
    /// <summary>In an order that the seed decides on. Each conversation is taken once before any is taken again.</summary>
    Shuffled,

    /// <summary>As they stand in the file. After the last one it begins again.</summary>
    Recorded,
}
