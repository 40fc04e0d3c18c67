using System.Text.Json;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Dialects;

/// <summary>Ollama through its OpenAI endpoints. Token counts come at the end, and output lengths are only limited.</summary>
internal sealed class OllamaDialect : Dialect
{
    internal override DialectName Name => DialectName.Ollama;
}

/// <summary>Ollama through its own endpoints, which send one JSON object a line. The last line has the token counts.</summary>
internal sealed class OllamaNativeDialect : Dialect
{
    /// <summary>Members of a request itself. Every other member is an option of the model.</summary>
    private static readonly HashSet<string> OfRequest = ["keep_alive", "format", "template", "system", "think", "suffix", "context", "raw"];

    internal override DialectName Name => DialectName.OllamaNative;

    internal override StreamFormat Format => StreamFormat.JsonLines;

    internal override IChunkFormat Chunks => OllamaChunkFormat.Instance;

    internal override bool EndsWithDone => false;

    internal override string PathOf(bool isChat) => isChat ? "api/chat" : "api/generate";

    internal override void WriteBody(Utf8JsonWriter json, RequestContent content)
    {
        json.WriteStartObject();
        json.WriteString("model", content.Model);
        if (content.IsChat)
        {
            WriteMessages(json, content);
        }
        else
        {
            json.WriteString("prompt", content.Text);
            WriteOwn(json, content, "raw", value: true);
        }

        json.WriteBoolean("stream", true);
        json.WriteStartObject("options");
        json.WriteNumber("num_predict", content.OutputTokens);
        WriteSampling(json, content);
        content.Members.WriteAdded(json, IsOption);
        json.WriteEndObject();
        content.Members.WriteAdded(json, IsOfRequest);
        json.WriteEndObject();
    }

    private static bool IsOfRequest(string member) => OfRequest.Contains(member);

    private static bool IsOption(string member) => !OfRequest.Contains(member);
}
