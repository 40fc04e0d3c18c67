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
        json.WriteBoolean("timings_per_token", true);
        json.WriteBoolean("cache_prompt", false);
        if (content.FixesOutput)
        {
            json.WriteBoolean("ignore_eos", true);
        }
    }
}
