using System.Text.Json;

namespace GreenServe.Serving.Dialects;

/// <summary>Plain OpenAI: usage at the end only, output lengths only bounded, log-probabilities asked for so that each event counts its tokens.</summary>
internal sealed class OpenAiDialect : Dialect
{
    internal override DialectName Name => DialectName.OpenAi;

    internal override bool AcceptsTokenIds => true;

    private protected override void WriteExtras(Utf8JsonWriter json, RequestContent content)
    {
        if (content.IsChat)
        {
            json.WriteBoolean("logprobs", true);
        }
        else
        {
            json.WriteNumber("logprobs", 1);
        }
    }
}
