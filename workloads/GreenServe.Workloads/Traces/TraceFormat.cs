namespace GreenServe.Workloads.Traces;

/// <summary>Format of a trace file.</summary>
public enum TraceFormat
{
    /// <summary>The format is recognized by the first line of the file.</summary>
    Automatic,

    /// <summary>The suite's own CSV: <c>arrival_seconds,input_tokens,output_tokens</c>.</summary>
    Normalised,

    /// <summary>CSV of Azure's LLM inference traces: <c>TIMESTAMP,ContextTokens,GeneratedTokens</c>.</summary>
    Azure,

    /// <summary>
    /// CSV of BurstGPT: <c>Timestamp</c> (s), <c>Request tokens</c>, <c>Response tokens</c> and columns that are not used.
    /// </summary>
    Burstgpt,

    /// <summary>
    /// JSON lines of Mooncake: <c>timestamp</c> (ms), <c>input_length</c>, <c>output_length</c>, <c>hash_ids</c> of 512 tokens.
    /// </summary>
    Mooncake,

    /// <summary>CSV of Vidur: <c>arrived_at</c> (s), <c>num_prefill_tokens</c>, <c>num_decode_tokens</c>.</summary>
    Vidur,

    /// <summary>
    /// JSON lines of Alibaba's Bailian: <c>timestamp</c> (s), <c>input_length</c>, <c>output_length</c>, <c>chat_id</c>,
    /// <c>parent_chat_id</c>, <c>hash_ids</c> of 16 tokens.
    /// </summary>
    Bailian,

    /// <summary>JSON lines of GuideLLM: the fields of Mooncake, with <c>timestamp</c> in seconds.</summary>
    Guidellm,
}
