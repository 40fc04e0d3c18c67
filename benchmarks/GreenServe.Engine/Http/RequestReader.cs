using System.Text.Json;

namespace GreenServe.Engine.Http;

/// <summary>Turns the JSON body of a request into a <see cref="ParsedRequest"/>, or says what is wrong with it.</summary>
internal sealed class RequestReader(IInferenceEngine engine)
{
    // The default of OpenAI's completions endpoint.
    private const int DefaultCompletionTokens = 16;

    // Each stop text costs a search for every token.
    private const int MaxStops = 16;
    private const double MaxTemperature = 100;

    /// <summary>Reads and checks the body of a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="isChat">Whether the request is a chat completion.</param>
    /// <param name="id">The server's name for the request.</param>
    /// <exception cref="ApiException">The server cannot serve the request as it is.</exception>
    internal ParsedRequest Read(JsonElement body, bool isChat, string id)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(ApiError.Invalid("body", "The request body must be a JSON object."));
        }

        CheckModel(body);
        (isChat ? RequestFields.Chat : RequestFields.Completions).Check(body);
        int[] prompt = isChat ? ReadMessages(body) : ReadPrompt(body);
        int maxTokens = ReadMaxTokens(body, isChat, prompt.Length);
        JsonFields fields = new(body);
        int minTokens = fields.Whole("min_tokens", 0, maxTokens) ?? 0;
        JsonFields streamOptions = fields.Nested("stream_options", RequestFields.StreamOptions);
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
                Temperature = fields.Number("temperature", 0, MaxTemperature) ?? 1,
                TopP = fields.Number("top_p", JsonFields.AboveZero, 1) ?? 1,
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
            throw new ApiException(ApiError.ModelNotFound(model, engine.Model.Name));
        }
    }

    private int[] ReadPrompt(JsonElement body)
    {
        if (!body.TryGetProperty("prompt", out JsonElement prompt))
        {
            throw InvalidPrompt("`prompt` is required: a text or a list of token ids.");
        }

        int[] tokens = prompt.ValueKind switch
        {
            JsonValueKind.String => engine.Text.Encode(prompt.GetString()!),
            JsonValueKind.Array when prompt.GetArrayLength() == 1 && prompt[0].ValueKind == JsonValueKind.String =>
                engine.Text.Encode(prompt[0].GetString()!),
            JsonValueKind.Array when prompt.GetArrayLength() == 1 && prompt[0].ValueKind == JsonValueKind.Array => ReadTokens(prompt[0]),
            JsonValueKind.Array when prompt.GetArrayLength() > 1 && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array =>
                throw InvalidPrompt("This server takes one prompt a request: a text or a list of token ids."),
            JsonValueKind.Array => ReadTokens(prompt),
            _ => throw InvalidPrompt("`prompt` must be a text or a list of token ids."),
        };
        return tokens.Length > 0 ? tokens : throw InvalidPrompt("`prompt` must hold at least one token.");
    }

    private static ApiException InvalidPrompt(string message) => new(ApiError.Invalid("prompt", message));

    private int[] ReadTokens(JsonElement list)
    {
        int[] tokens = new int[list.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            int vocabulary = engine.Model.VocabularySize;
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int token) || token < 0 || token >= vocabulary)
            {
                throw InvalidPrompt($"Token {count} of the prompt must be a whole number in [0, {vocabulary}).");
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

            RequestFields.Message.Check(item, "messages.");
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
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(ReadPart)),
            _ => throw new ApiException(ApiError.Invalid("messages", "`content` must be a text or a list of text parts.")),
        };
    }

    private static string ReadPart(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(ApiError.Invalid("messages", "Content parts must be objects."));
        }

        RequestFields.ContentPart.Check(part, "messages.content.");
        return new JsonFields(part).Text("text")
            ?? throw new ApiException(ApiError.Invalid("messages", "Only text content is supported."));
    }

    private int ReadMaxTokens(JsonElement body, bool isChat, int promptTokens)
    {
        int context = engine.Model.ContextTokens;
        JsonFields fields = new(body);
        int? older = fields.Whole("max_tokens", 1, int.MaxValue);
        int? asked = fields.Whole("max_completion_tokens", 1, int.MaxValue) ?? older;
        if (older is not null && older != asked)
        {
            string message = $"`max_tokens` ({older}) must be equal to `max_completion_tokens` ({asked}) where both are given.";
            throw new ApiException(ApiError.Invalid("max_tokens", message));
        }

        int maxTokens = asked ?? (isChat ? Math.Max(1, context - promptTokens) : DefaultCompletionTokens);
        long total = promptTokens + (long)maxTokens;
        return total <= context
            ? maxTokens
            : throw new ApiException(ApiError.Refused(
                400,
                $"This model's maximum context length is {context} tokens. However, you requested {total} tokens "
                + $"({promptTokens} in the prompt, {maxTokens} in the completion).",
                isChat ? "messages" : "prompt",
                "context_length_exceeded"));
    }

    private static string? TextOf(JsonElement item) => item.ValueKind == JsonValueKind.String ? item.GetString() : null;

    private static string[] ReadStops(JsonElement body)
    {
        if (!body.TryGetProperty("stop", out JsonElement stop) || stop.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        string?[] texts = stop.ValueKind switch
        {
            JsonValueKind.String => [stop.GetString()],
            JsonValueKind.Array => [.. stop.EnumerateArray().Select(TextOf)],
            _ => [null],
        };
        return texts.Length <= MaxStops && texts.All(text => text is { Length: > 0 })
            ? [.. texts.Select(text => text!)]
            : throw new ApiException(ApiError.Invalid("stop", $"`stop` must be a text or a list of at most {MaxStops} texts, none empty."));
    }
}

/// <summary>A completion or chat request that has passed every check.</summary>
internal sealed record ParsedRequest
{
    /// <summary>Whether the request is a chat completion.</summary>
    internal required bool IsChat { get; init; }

    /// <summary>The request for the engine.</summary>
    internal required GenerationRequest Generation { get; init; }

    /// <summary>Whether the client wants a stream of events instead of one JSON object.</summary>
    internal bool Streams { get; init; }

    /// <summary>Whether the stream ends with an event that tells the usage.</summary>
    internal bool IncludesUsage { get; init; }

    /// <summary>Whether every event of the stream tells the usage so far.</summary>
    internal bool IncludesContinuousUsage { get; init; }

    /// <summary>Whether the response tells the ids of the output tokens.</summary>
    internal bool ReturnsTokenIds { get; init; }

    /// <summary>The texts that end the output. The list may be empty.</summary>
    internal IReadOnlyList<string> Stops { get; init; } = [];
}
