using GreenServe.Engine.Models;

namespace GreenServe.Tests.Engine;

/// <summary>The shapes of decoders that are small enough for tests.</summary>
internal static class TestModels
{
    /// <summary>A decoder with grouped queries and an output head of its own.</summary>
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

    /// <summary>A decoder with one key-value head for each query head, a tied embedding and stretched rotary positions.</summary>
    internal static DecoderShape Tied { get; } = Grouped with
    {
        Name = "test-tied",
        Layers = 2,
        KeyValueHeads = 4,
        TiedEmbedding = true,
        RopeTheta = 500_000,
        RopeScaling = new RopeScaling(8, 1, 4, 64),
    };

    /// <summary>Creates a prompt of token ids that look random but follow from a seed.</summary>
    internal static int[] Prompt(DecoderShape shape, int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(shape.VocabularySize))];
    }
}
