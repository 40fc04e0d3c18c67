namespace GreenServe.Serving.Dialects;

/// <summary>Ollama through its OpenAI endpoints: usage at the end, no way to fix the output length.</summary>
internal sealed class OllamaDialect : Dialect
{
    internal override DialectName Name => DialectName.Ollama;
}
