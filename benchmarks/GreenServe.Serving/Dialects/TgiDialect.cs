namespace GreenServe.Serving.Dialects;

/// <summary>Text Generation Inference through its OpenAI endpoints: one event a token, usage at the end, no way to fix the output length.</summary>
internal sealed class TgiDialect : Dialect
{
    internal override DialectName Name => DialectName.Tgi;
}
