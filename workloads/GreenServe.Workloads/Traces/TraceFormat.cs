namespace GreenServe.Workloads.Traces;

/// <summary>How a trace file is written.</summary>
public enum TraceFormat
{
    /// <summary>Told from the first line of the file.</summary>
    Automatic,

    /// <summary>This suite's own: <c>arrival_seconds,input_tokens,output_tokens</c>.</summary>
    Normalised,

    /// <summary>Azure LLM inference traces: <c>TIMESTAMP,ContextTokens,GeneratedTokens</c>.</summary>
    Azure,

    /// <summary>BurstGPT: <c>Timestamp</c> (s), <c>Request tokens</c>, <c>Response tokens</c> and columns that are not used.</summary>
    Burstgpt,

    /// <summary>Mooncake: JSON lines with <c>timestamp</c> (ms), <c>input_length</c>, <c>output_length</c>.</summary>
    Mooncake,

    /// <summary>Vidur: <c>arrived_at</c> (s), <c>num_prefill_tokens</c>, <c>num_decode_tokens</c>.</summary>
    Vidur,
}
