using System.Collections.Frozen;
using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>
/// Checks the names of a request's fields. A field is honoured, or no answer depends on it, or it has a value that asks for nothing.
/// The server refuses every other field, because a client that is not told would take the answer for what it asked for.
/// </summary>
/// <remarks>A field that is null counts as absent. <c>docs/reference/server-requests.md</c> lists the fields.</remarks>
internal static class RequestFields
{
    private static readonly FrozenSet<string> BothHonour = FrozenSet.Create(
        "model", "max_tokens", "max_completion_tokens", "min_tokens", "ignore_eos", "temperature", "top_p", "seed", "stop", "stream",
        "stream_options", "return_token_ids");

    private static readonly FrozenSet<string> BothIgnore = FrozenSet.Create(
        "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "cache_salt", "cache_prompt", "request_id",
        "rid", "parallel_tool_calls");

    private static readonly FrozenDictionary<string, JsonElement[]> BothTolerate = Values(
        ("n", "1"),
        ("best_of", "1"),
        ("use_beam_search", "false"),
        ("length_penalty", "1"),
        ("echo", "false"),
        ("logprobs", "false"),
        ("top_logprobs", "0"),
        ("return_tokens_as_token_ids", "false"),
        ("return_hidden_states", "false"),
        ("frequency_penalty", "0"),
        ("presence_penalty", "0"),
        ("repetition_penalty", "1"),
        ("top_k", "-1, 0"),
        ("min_p", "0"),
        ("logit_bias", "{}"),
        ("logits_processors", "[]"),
        ("stop_token_ids", "[]"),
        ("bad_words", "[]"),
        ("include_stop_str_in_output", "false"),
        ("no_stop_trim", "false"),
        ("skip_special_tokens", "true"),
        ("spaces_between_special_tokens", "true"),
        ("priority", "0"),
        ("response_format", """{"type":"text"}"""),
        ("mm_processor_kwargs", "{}"),
        ("vllm_xargs", "{}"));

    /// <summary>The fields of a text completion.</summary>
    internal static EndpointFields Completions { get; } = new(
        Honoured: [.. BothHonour, "prompt"],
        Ignored: BothIgnore,
        Tolerated: BothTolerate.Concat(Values(("suffix", "\"\""), ("add_special_tokens", "true"))).ToFrozenDictionary());

    /// <summary>The fields of a chat completion.</summary>
    internal static EndpointFields Chat { get; } = new(
        Honoured: [.. BothHonour, "messages"],
        Ignored: BothIgnore,
        Tolerated: BothTolerate.Concat(Values(
            ("add_special_tokens", "false"),
            ("add_generation_prompt", "true"),
            ("continue_final_message", "false"),
            ("chat_template_kwargs", "{}"),
            ("documents", "[]"),
            ("tools", "[]"),
            ("tool_choice", "\"none\", \"auto\""),
            ("functions", "[]"),
            ("function_call", "\"none\", \"auto\""),
            ("modalities", "[\"text\"]"))).ToFrozenDictionary());

    /// <summary>The fields of <c>stream_options</c>.</summary>
    internal static EndpointFields StreamOptions { get; } = new(
        Honoured: ["include_usage", "continuous_usage_stats"], Ignored: [], Tolerated: Values(("include_obfuscation", "false")));

    /// <summary>The fields of a message of a chat.</summary>
    internal static EndpointFields Message { get; } = new(
        Honoured: ["role", "content"], Ignored: ["name"], Tolerated: Values(("tool_calls", "[]"), ("annotations", "[]")));

    /// <summary>The fields of a part of a message's content.</summary>
    internal static EndpointFields ContentPart { get; } = new(
        Honoured: ["text"], Ignored: [], Tolerated: Values(("type", "\"text\"")));

    private static FrozenDictionary<string, JsonElement[]> Values(params (string Name, string Values)[] fields) =>
        fields.ToFrozenDictionary(field => field.Name, field => JsonElement.Parse($"[{field.Values}]").EnumerateArray().ToArray());
}

/// <summary>What the server makes of the fields of one kind of JSON object.</summary>
/// <param name="Honoured">Fields that decide the answer.</param>
/// <param name="Ignored">Fields on which no answer depends.</param>
/// <param name="Tolerated">Fields that the server lacks, each with the values that ask for nothing.</param>
internal sealed record EndpointFields(
    IReadOnlyCollection<string> Honoured, IReadOnlyCollection<string> Ignored, IReadOnlyDictionary<string, JsonElement[]> Tolerated)
{
    /// <summary>Checks every field of an object.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="place">The fields of the request that lead to the object, each with a dot; empty for the request itself.</param>
    /// <exception cref="ApiException">The server does not have a field. The error names it.</exception>
    internal void Check(JsonElement owner, string place = "")
    {
        foreach (JsonProperty field in owner.EnumerateObject())
        {
            string name = field.Name;
            if (field.Value.ValueKind == JsonValueKind.Null || Honoured.Contains(name) || Ignored.Contains(name))
            {
                continue;
            }

            JsonElement[] allowed = Tolerated.GetValueOrDefault(name) ?? [];
            if (!allowed.Any(value => JsonElement.DeepEquals(value, field.Value)))
            {
                string other = allowed.Length == 0 ? "" : $" other than {string.Join(" or ", allowed.Select(value => value.GetRawText()))}";
                string parameter = (place + name).Split('.')[0];
                throw new ApiException(ApiError.Invalid(parameter, $"This server does not support `{place}{name}`{other}."));
            }
        }
    }
}
