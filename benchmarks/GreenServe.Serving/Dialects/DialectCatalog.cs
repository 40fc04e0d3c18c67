namespace GreenServe.Serving.Dialects;

/// <summary>Every dialect, by name.</summary>
internal static class DialectCatalog
{
    /// <summary>Finds the dialect of a name.</summary>
    internal static Dialect Find(DialectName name) => name switch
    {
        DialectName.OpenAi => new OpenAiDialect(),
        DialectName.Vllm or DialectName.Sglang or DialectName.TensorRtLlm => new EngineDialect(name),
        DialectName.Tgi => new TgiDialect(),
        DialectName.TgiGenerate => new TgiGenerateDialect(),
        DialectName.LlamaCpp => new LlamaCppDialect(),
        DialectName.Ollama => new OllamaDialect(),
        DialectName.OllamaNative => new OllamaNativeDialect(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such dialect"),
    };
}
