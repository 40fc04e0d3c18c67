using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>Turns the JSON body of a request into a <see cref="ParsedRequest"/>, or says what is wrong with it.</summary>
internal sealed class RequestReader(IInferenceEngine engine)
{
    private const int DefaultCompletionTokens = 16;
    private const int MaxStops = 16;

    /// <exception cref="ApiException">The request cannot be served as it is.</exception>
    internal ParsedRequest Read(JsonElement body, bool isChat, string id)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(ApiError.Invalid("body", "The request body must be a JSON object."));
        }

        CheckModel(body);
        CheckUnsupported(body);
        int[] prompt = isChat ? ReadMessages(body) : ReadPrompt(body);
        int maxTokens = ReadMaxTokens(body, isChat, prompt.Length);
        JsonFields fields = new(body);
        int minTokens = fields.Whole("min_tokens", 0, maxTokens) ?? 0;
        JsonFields streamOptions = fields.Nested("stream_options");
        return new ParsedRequest
        {
            IsChat = isChat,
            Generation = new GenerationRequest
            {
                Id = id,
                Prompt = prompt,
                MaxTokens = maxTokens,
                MinTokens = minTokens,
                IgnoreEndOfSequence = fields.Flag("ignore_eos"),
                Temperature = fields.Number("temperature", 0, 100) ?? 1,
                TopP = fields.Number("top_p", double.Epsilon, 1) ?? 1,
                Seed = fields.Whole("seed"),
            },
            Streams = fields.Flag("stream"),
            IncludesUsage = streamOptions.Flag("include_usage"),
            IncludesContinuousUsage = streamOptions.Flag("continuous_usage_stats"),
            ReturnsTokenIds = fields.Flag("return_token_ids"),
            Stops = ReadStops(body),
        };
    }

    private void CheckModel(JsonElement body)
    {
        string? model = new JsonFields(body).Text("model");
        if (model is not null && model != engine.Model.Name)
        {
            throw new ApiException(new ApiError(
                404, $"The model `{model}` does not exist; this server has `{engine.Model.Name}`.", "invalid_request_error", "model", "model_not_found"));
        }
    }

    private static void CheckUnsupported(JsonElement body)
    {
        foreach ((string name, int most) in (ReadOnlySpan<(string, int)>)[("n", 1), ("best_of", 1), ("logprobs", 0), ("top_logprobs", 0)])
        {
            if (body.TryGetProperty(name, out JsonElement value)
                && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
                && !(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number <= most))
            {
                throw new ApiException(ApiError.Invalid(name, $"This server does not support `{name}`."));
            }
        }
    }

    private int[] ReadPrompt(JsonElement body)
    {
        if (!body.TryGetProperty("prompt", out JsonElement prompt))
        {
            throw new ApiException(ApiError.Invalid("prompt", "`prompt` is required: a text or a list of token ids."));
        }

        int[] tokens = prompt.ValueKind switch
        {
            JsonValueKind.String => engine.Text.Encode(prompt.GetString()!),
            JsonValueKind.Array when prompt.GetArrayLength() == 1 && prompt[0].ValueKind == JsonValueKind.String =>
                engine.Text.Encode(prompt[0].GetString()!),
            JsonValueKind.Array when prompt.GetArrayLength() == 1 && prompt[0].ValueKind == JsonValueKind.Array => ReadTokens(prompt[0]),
            JsonValueKind.Array when prompt.GetArrayLength() > 1 && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array =>
                throw new ApiException(ApiError.Invalid("prompt", "This server takes one prompt a request: a text or a list of token ids.")),
            JsonValueKind.Array => ReadTokens(prompt),
            _ => throw new ApiException(ApiError.Invalid("prompt", "`prompt` must be a text or a list of token ids.")),
        };
        return tokens.Length > 0 ? tokens : throw new ApiException(ApiError.Invalid("prompt", "`prompt` must hold at least one token."));
    }

    private int[] ReadTokens(JsonElement list)
    {
        int[] tokens = new int[list.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int token) || token < 0 || token >= engine.Model.VocabularySize)
            {
                throw new ApiException(ApiError.Invalid(
                    "prompt", $"Token {count} of the prompt must be a whole number in [0, {engine.Model.VocabularySize})."));
            }

            tokens[count++] = token;
        }

        return tokens;
    }

    private int[] ReadMessages(JsonElement body)
    {
        if (!body.TryGetProperty("messages", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw new ApiException(ApiError.Invalid("messages", "`messages` must be a list with at least one message."));
        }

        List<ChatMessage> messages = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || new JsonFields(item).Text("role") is not { } role)
            {
                throw new ApiException(ApiError.Invalid("messages", "Each message must be an object with a `role` and a `content`."));
            }

            messages.Add(new ChatMessage(role, ReadContent(item)));
        }

        return engine.Text.EncodeChat(messages);
    }

    private static string ReadContent(JsonElement message)
    {
        if (!message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.Object
                ? new JsonFields(part).Text("text") ?? throw new ApiException(ApiError.Invalid("messages", "Only text content is supported."))
                : throw new ApiException(ApiError.Invalid("messages", "Content parts must be objects.")))),
            _ => throw new ApiException(ApiError.Invalid("messages", "`content` must be a text or a list of text parts.")),
        };
    }

    private int ReadMaxTokens(JsonElement body, bool isChat, int promptTokens)
    {
        int context = engine.Model.ContextTokens;
        JsonFields fields = new(body);
        int? asked = fields.Whole("max_completion_tokens", 1, int.MaxValue) ?? fields.Whole("max_tokens", 1, int.MaxValue);
        int maxTokens = asked ?? (isChat ? Math.Max(1, context - promptTokens) : DefaultCompletionTokens);
        return promptTokens + (long)maxTokens <= context
            ? maxTokens
            : throw new ApiException(new ApiError(
                400,
                $"This model's maximum context length is {context} tokens. However, you requested {promptTokens + (long)maxTokens} tokens "
                + $"({promptTokens} in the prompt, {maxTokens} in the completion).",
                "invalid_request_error",
                isChat ? "messages" : "prompt",
                "context_length_exceeded"));
    }

    private static string[] ReadStops(JsonElement body)
    {
        if (!body.TryGetProperty("stop", out JsonElement stop) || stop.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        string?[] texts = stop.ValueKind switch
        {
            JsonValueKind.String => [stop.GetString()],
            JsonValueKind.Array => [.. stop.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : null)],
            _ => [null],
        };
        return texts.Length <= MaxStops && texts.All(text => text is { Length: > 0 })
            ? [.. texts.Select(text => text!)]
            : throw new ApiException(ApiError.Invalid("stop", $"`stop` must be a text or a list of at most {MaxStops} texts, none empty."));
    }
}
