using System.Text.Json;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Dialects;

/// <summary>
/// Text Generation Inference through its OpenAI endpoints. Each event has one token, token counts come at the end, and output lengths are
/// only limited.
/// </summary>
internal sealed class TgiDialect : Dialect
{
    internal override DialectName Name => DialectName.Tgi;
}

/// <summary>
/// Text Generation Inference through its own endpoint <c>/generate_stream</c>. The last event tells the lengths of prompt and output.
/// </summary>
internal sealed class TgiGenerateDialect : Dialect
{
    internal override DialectName Name => DialectName.TgiGenerate;

    internal override IChunkFormat Chunks => TgiChunkFormat.Instance;

    internal override bool EndsWithDone => false;

    internal override string PathOf(bool isChat) => "generate_stream";

    internal override bool TakesMessages(bool isChat) => false;

    internal override void WriteBody(Utf8JsonWriter json, RequestContent content)
    {
        json.WriteStartObject();
        json.WriteString("inputs", content.Text);
        json.WriteStartObject("parameters");
        json.WriteNumber("max_new_tokens", content.OutputTokens);
        bool isDrawn = content.Sampling.Temperature > 0;
        WriteOwn(json, content, "do_sample", isDrawn);
        if (isDrawn && content.Members.Keeps("temperature"))
        {
            json.WriteNumber("temperature", content.Sampling.Temperature!.Value);
        }

        content.Sampling.Write(json);
        json.WriteBoolean("details", true);
        json.WriteBoolean("decoder_input_details", false);
        content.Members.WriteAdded(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
