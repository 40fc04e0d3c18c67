using GreenServe.Engine.Models;

namespace GreenServe.Tests.Engine;

/// <summary>Decoders small enough for a test, each with what the others lack.</summary>
internal static class TestModels
{
    /// <summary>Grouped queries, separate head.</summary>
    internal static DecoderShape Grouped { get; } = new()
    {
        Name = "test-grouped",
        Layers = 3,
        HiddenSize = 64,
        IntermediateSize = 160,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        VocabularySize = 320,
        ContextTokens = 256,
    };

    /// <summary>One key-value head for each query head, tied embedding, stretched rotary positions.</summary>
    internal static DecoderShape Tied { get; } = Grouped with
    {
        Name = "test-tied",
        Layers = 2,
        KeyValueHeads = 4,
        TiedEmbedding = true,
        RopeTheta = 500_000,
        RopeScaling = new RopeScaling(8, 1, 4, 64),
    };

    /// <summary>Token ids that look random but are fixed by a number.</summary>
    internal static int[] Prompt(DecoderShape shape, int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(shape.VocabularySize))];
    }
}
