using System.Collections.Frozen;

namespace GreenServe.Serving.Servers;

/// <summary>The metrics of a server that a run record keeps: load, cache, preemptions and tokens.</summary>
internal static class ServerMetricNames
{
    /// <summary>Part of the name of every counter of prompt tokens that were looked up in a prefix cache.</summary>
    private const string PrefixQueries = "prefix_cache_queries";

    /// <summary>Part of the name of every counter of prompt tokens that were found in a prefix cache.</summary>
    private const string PrefixHits = "prefix_cache_hits";

    private static readonly FrozenSet<string> Kept = FrozenSet.ToFrozenSet(
    [
        // vLLM, both generations of its engine, and the built-in servers.
        "vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:num_requests_swapped", "vllm:kv_cache_usage_perc",
        "vllm:gpu_cache_usage_perc", "vllm:num_preemptions_total", "vllm:prompt_tokens_total", "vllm:generation_tokens_total",
        "vllm:prefix_cache_queries_total", "vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_queries_total",
        "vllm:gpu_prefix_cache_hits_total", "vllm:spec_decode_num_accepted_tokens_total", "vllm:spec_decode_num_draft_tokens_total",

        // SGLang.
        "sglang:num_running_reqs", "sglang:num_queue_reqs", "sglang:token_usage", "sglang:cache_hit_rate", "sglang:num_used_tokens",
        "sglang:gen_throughput", "sglang:prompt_tokens_total", "sglang:generation_tokens_total", "sglang:cached_tokens_total",
        "sglang:num_retracted_reqs",

        // Text Generation Inference.
        "tgi_queue_size", "tgi_batch_current_size", "tgi_batch_current_max_tokens", "tgi_request_count", "tgi_request_success",

        // llama.cpp.
        "llamacpp:requests_processing", "llamacpp:requests_deferred", "llamacpp:kv_cache_usage_ratio", "llamacpp:kv_cache_tokens",
        "llamacpp:prompt_tokens_total", "llamacpp:tokens_predicted_total", "llamacpp:n_decode_total",
    ]);

    /// <summary>Whether the run record keeps a metric.</summary>
    /// <param name="name">Name of the metric, with or without labels.</param>
    internal static bool IsKept(string name) => Kept.Contains(WithoutLabels(name));

    /// <summary>Whether a metric counts the prompt tokens that were looked up in a prefix cache.</summary>
    /// <param name="name">Name of the metric, with or without labels.</param>
    internal static bool IsPrefixQuery(string name) => WithoutLabels(name).Contains(PrefixQueries, StringComparison.Ordinal);

    /// <summary>Whether a metric counts the prompt tokens that were found in a prefix cache.</summary>
    /// <param name="name">Name of the metric, with or without labels.</param>
    internal static bool IsPrefixHit(string name) => WithoutLabels(name).Contains(PrefixHits, StringComparison.Ordinal);

    private static string WithoutLabels(string name) => name.Split('{', 2)[0];
}
