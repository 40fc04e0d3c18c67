using System.Text.Json;

namespace GreenServe.Serving.Dialects;

/// <summary>
/// The server of llama.cpp. It counts the tokens in the <c>timings</c> of every event. Its prompt cache, which is on by default, is turned
/// off.
/// </summary>
internal sealed class LlamaCppDialect : Dialect
{
    internal override DialectName Name => DialectName.LlamaCpp;

    internal override bool AcceptsTokenIds => true;

    internal override bool CanFixOutput => true;

    private protected override void WriteExtras(Utf8JsonWriter json, RequestContent content)
    {
        WriteOwn(json, content, "timings_per_token", value: true);
        WriteOwn(json, content, "cache_prompt", value: false);
        if (content.FixesOutput)
        {
            WriteOwn(json, content, "ignore_eos", value: true);
        }
    }
}
