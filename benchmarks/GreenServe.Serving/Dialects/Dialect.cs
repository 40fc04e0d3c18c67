using System.Text.Json;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Dialects;

/// <summary>One server's way of speaking: where to send, what to write, how to read the answer.</summary>
internal abstract class Dialect
{
    /// <summary>Its name.</summary>
    internal abstract DialectName Name { get; }

    /// <summary>Whether prompts may be token ids, which is the only way to an exact length.</summary>
    internal virtual bool AcceptsTokenIds => false;

    /// <summary>Whether the server can be told to go on past the model's end token.</summary>
    internal virtual bool CanFixOutput => false;

    /// <summary>How events are framed.</summary>
    internal virtual StreamFormat Format => StreamFormat.ServerSentEvents;

    /// <summary>How events are read.</summary>
    internal virtual IChunkFormat Chunks => OpenAiChunkFormat.Instance;

    /// <summary>Whether <c>[DONE]</c> ends a stream.</summary>
    internal virtual bool EndsWithDone => true;

    /// <summary>Path of the endpoint, from the root of the server.</summary>
    internal virtual string PathOf(bool isChat) => isChat ? "v1/chat/completions" : "v1/completions";

    /// <summary>Writes a request body.</summary>
    internal virtual void WriteBody(Utf8JsonWriter json, RequestContent content)
    {
        json.WriteStartObject();
        json.WriteString("model", content.Model);
        WritePrompt(json, content);
        json.WriteNumber("max_tokens", content.OutputTokens);
        json.WriteNumber("temperature", 0);
        json.WriteBoolean("stream", true);
        json.WriteStartObject("stream_options");
        json.WriteBoolean("include_usage", true);
        WriteStreamOptions(json);
        json.WriteEndObject();
        WriteExtras(json, content);
        json.WriteEndObject();
    }

    /// <summary>Further members of <c>stream_options</c>.</summary>
    private protected virtual void WriteStreamOptions(Utf8JsonWriter json)
    {
    }

    /// <summary>Further members of the body.</summary>
    private protected virtual void WriteExtras(Utf8JsonWriter json, RequestContent content)
    {
    }

    /// <summary>The prompt: a message, token ids or text.</summary>
    private protected static void WritePrompt(Utf8JsonWriter json, RequestContent content)
    {
        if (content.IsChat)
        {
            WriteMessages(json, content.Text ?? "");
        }
        else if (content.TokenIds is { } tokens)
        {
            json.WriteStartArray("prompt");
            foreach (int token in tokens.Span)
            {
                json.WriteNumberValue(token);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("prompt", content.Text);
        }
    }

    private protected static void WriteMessages(Utf8JsonWriter json, string text)
    {
        json.WriteStartArray("messages");
        json.WriteStartObject();
        json.WriteString("role", "user");
        json.WriteString("content", text);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
