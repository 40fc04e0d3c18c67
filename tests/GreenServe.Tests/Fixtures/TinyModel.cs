namespace GreenServe.Tests.Fixtures;

/// <summary>A model so small that an engine loads it at once.</summary>
internal static class TinyModel
{
    internal const string Text = """
        name: tiny
        source: a shape for tests
        layers: 1
        hidden_size: 32
        intermediate_size: 64
        heads: 2
        key_value_heads: 1
        head_size: 16
        vocabulary_size: 320
        context_tokens: 128
        """;
}
