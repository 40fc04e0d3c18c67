using System.Text.Json;

namespace GreenServe.Serving.Dialects;

/// <summary>
/// vLLM, SGLang and TensorRT-LLM. They accept token ids, count the tokens in every event, and can be told the exact output length.
/// </summary>
/// <param name="name">Which of the three servers.</param>
internal sealed class EngineDialect(DialectName name) : Dialect
{
    internal override DialectName Name { get; } = name;

    internal override bool AcceptsTokenIds => true;

    internal override bool CanFixOutput => true;

    private protected override void WriteStreamOptions(Utf8JsonWriter json, RequestContent content) =>
        WriteOwn(json, content, "continuous_usage_stats", value: true);

    private protected override void WriteExtras(Utf8JsonWriter json, RequestContent content)
    {
        if (content.FixesOutput)
        {
            WriteOwn(json, content, "ignore_eos", value: true);
            WriteOwn(json, content, "min_tokens", content.OutputTokens);
        }
    }
}
