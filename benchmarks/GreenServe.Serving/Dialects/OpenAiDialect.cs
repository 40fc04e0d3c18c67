using System.Text.Json;

namespace GreenServe.Serving.Dialects;

/// <summary>
/// The API as OpenAI documents it. Token counts come only at the end, and output lengths are only limited. Log-probabilities are asked
/// for, so that each event tells how many tokens it has.
/// </summary>
internal sealed class OpenAiDialect : Dialect
{
    internal override DialectName Name => DialectName.OpenAi;

    internal override bool AcceptsTokenIds => true;

    private protected override void WriteExtras(Utf8JsonWriter json, RequestContent content)
    {
        if (content.IsChat)
        {
            WriteOwn(json, content, "logprobs", value: true);
        }
        else
        {
            WriteOwn(json, content, "logprobs", 1);
        }
    }
}
