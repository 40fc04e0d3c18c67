using System.Text;
using System.Text.Json;
using GreenServe.Serving.Streams;
using GreenServe.Workloads.Datasets;

namespace GreenServe.Serving.Dialects;

/// <summary>How one kind of server is spoken to: the path of its endpoint, the request body, and the format of the response.</summary>
internal abstract class Dialect
{
    /// <summary>Name of the dialect.</summary>
    internal abstract DialectName Name { get; }

    /// <summary>Whether prompts may be token ids. Only then is the length of a prompt exact.</summary>
    /// <value><c>false</c>.</value>
    internal virtual bool AcceptsTokenIds => false;

    /// <summary>Whether the server can be told to ignore the model's end token, so that outputs have the length asked for.</summary>
    /// <value><c>false</c>.</value>
    internal virtual bool CanFixOutput => false;

    /// <summary>How events are separated in the response body.</summary>
    /// <value><see cref="StreamFormat.ServerSentEvents"/>.</value>
    internal virtual StreamFormat Format => StreamFormat.ServerSentEvents;

    /// <summary>The wire format of the events.</summary>
    /// <value><see cref="OpenAiChunkFormat"/>.</value>
    internal virtual IChunkFormat Chunks => OpenAiChunkFormat.Instance;

    /// <summary>Cuts a response body into events.</summary>
    /// <param name="reading">Reads the events.</param>
    internal ResponseLines LinesOf(OutputReading reading) =>
        Format == StreamFormat.JsonLines ? EventReader.OfJsonLines(reading) : EventReader.OfServerSentEvents(reading);

    /// <summary>Whether a response ends with the event <c>[DONE]</c>.</summary>
    /// <value><c>true</c>.</value>
    internal virtual bool EndsWithDone => true;

    /// <summary>Path of the endpoint, relative to the root of the server.</summary>
    /// <param name="isChat">Whether the request is a chat.</param>
    internal virtual string PathOf(bool isChat) => isChat ? "v1/chat/completions" : "v1/completions";

    /// <summary>Whether a request holds messages, and not one text.</summary>
    /// <param name="isChat">Whether the request is a chat.</param>
    internal virtual bool TakesMessages(bool isChat) => isChat;

    /// <summary>Writes the body of a request.</summary>
    internal virtual void WriteBody(Utf8JsonWriter json, RequestContent content)
    {
        json.WriteStartObject();
        json.WriteString("model", content.Model);
        WritePrompt(json, content);
        json.WriteNumber(content.LimitsCompletion ? "max_completion_tokens" : "max_tokens", content.OutputTokens);
        WriteSampling(json, content);
        json.WriteBoolean("stream", true);
        if (content.Members.Keeps("stream_options"))
        {
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            WriteStreamOptions(json, content);
            json.WriteEndObject();
        }

        WriteExtras(json, content);
        content.Members.WriteAdded(json);
        json.WriteEndObject();
    }

    /// <summary>Writes how tokens are drawn. Without a choice of the user the most likely token is taken.</summary>
    private protected static void WriteSampling(Utf8JsonWriter json, RequestContent content)
    {
        WriteOwn(json, content, "temperature", content.Sampling.Temperature ?? 0);
        content.Sampling.Write(json);
    }

    /// <summary>Writes a member of the suite, unless the user adds one of that name or leaves it out.</summary>
    private protected static void WriteOwn(Utf8JsonWriter json, RequestContent content, string name, double value)
    {
        if (content.Members.Keeps(name))
        {
            json.WriteNumber(name, value);
        }
    }

    /// <summary>Writes a member of the suite, unless the user adds one of that name or leaves it out.</summary>
    private protected static void WriteOwn(Utf8JsonWriter json, RequestContent content, string name, bool value)
    {
        if (content.Members.Keeps(name))
        {
            json.WriteBoolean(name, value);
        }
    }

    /// <summary>Writes further members of <c>stream_options</c>. There are none by default.</summary>
    private protected virtual void WriteStreamOptions(Utf8JsonWriter json, RequestContent content)
    {
    }

    /// <summary>Writes further members of the body. There are none by default.</summary>
    private protected virtual void WriteExtras(Utf8JsonWriter json, RequestContent content)
    {
    }

    /// <summary>Writes the prompt: as a chat message, as token ids or as text.</summary>
    private protected static void WritePrompt(Utf8JsonWriter json, RequestContent content)
    {
        if (content.IsChat)
        {
            WriteMessages(json, content);
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

    /// <summary>Writes the messages of a chat: those of a conversation, or a single message of the user.</summary>
    private protected static void WriteMessages(Utf8JsonWriter json, RequestContent content)
    {
        json.WriteStartArray("messages");
        if (content.Conversation is { } conversation)
        {
            for (int index = 0; index < content.Messages; index++)
            {
                ChatMessage message = conversation.MessageAt(index);
                WriteMessage(json, NameOf(message.Role), message.Text.Span);
            }
        }
        else
        {
            WriteMessage(json, NameOf(ChatRole.User), Encoding.UTF8.GetBytes(content.Text ?? ""));
        }

        json.WriteEndArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> NameOf(ChatRole role) => role switch
    {
        ChatRole.System => "system"u8,
        ChatRole.User => "user"u8,
        _ => "assistant"u8,
    };
}

/// <summary>How a server separates the events of a response.</summary>
internal enum StreamFormat
{
    /// <summary>Server-sent events: <c>text/event-stream</c>.</summary>
    ServerSentEvents,

    /// <summary>One JSON object on each line: <c>application/x-ndjson</c>.</summary>
    JsonLines,
}
