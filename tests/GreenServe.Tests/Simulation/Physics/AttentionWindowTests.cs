using GreenServe.Records;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class AttentionWindowTests
{
    [Fact]
    public void ContextTokens_AreTheWindow_InLayersThatHaveOne()
    {
        AttentionWindow window = AttentionWindow.Of(TestSystems.Llama31For8B with { WindowTokens = 128, WindowLayers = 8 });

        // Three quarters of the layers see all 4,000 tokens, and one quarter sees 128 of each of four sequences.
        Assert.Equal((0.75 * 4000) + (0.25 * 128 * 4), window.ContextTokens(StepShape.Decode(4, 4000)), 1e-9);
        Assert.Equal(4000, AttentionWindow.Of(TestSystems.Llama31For8B).ContextTokens(StepShape.Decode(4, 4000)));
    }

    [Fact]
    public void Pairs_AreAtMostTheWindow_ForEachTokenOfAPrompt()
    {
        AttentionWindow window = AttentionWindow.Of(TestSystems.Llama31For8B with { WindowTokens = 128, WindowLayers = 8 });

        // 1,000 tokens: 500,000 pairs in whole layers and 128,000 in the others. 100 tokens: 5,000 pairs in all layers.
        Assert.Equal((0.75 * 500_000) + (0.25 * 128_000), window.Pairs(StepShape.Prefill(1000, 0, completesPrompt: true)), 1e-6);
        Assert.Equal(5_000, window.Pairs(StepShape.Prefill(100, 0, completesPrompt: true)), 1e-6);
    }

    [Fact]
    public void Cost_StaysLinearInTheContext_WithAWindow()
    {
        StepModel model = TestSystems.H100(TestSystems.Llama31For8B with { WindowTokens = 128, WindowLayers = 16 }, 1).StepModel();
        StepCost first = model.Cost(StepShape.Decode(8, 8_000));
        StepCost later = model.Cost(StepShape.Decode(8, 9_000));

        Assert.Equal(first.SecondsPerContextToken * 1_000, later.Seconds - first.Seconds, 1e-12);
        Assert.Equal(first.JoulesPerContextToken * 1_000, later.Joules - first.Joules, 1e-9);
    }

    [Theory]
    [InlineData("window_tokens: 128")]
    [InlineData("window_layers: 12")]
    [InlineData("window_tokens: 128\nwindow_layers: 25")]
    public void Read_ReportsAWindow_ThatIsNotWhole(string lines)
    {
        using TemporaryFolder folder = new();
        string text = File.ReadAllText(Repository.PathOf("workloads", "models", "gpt-oss-20b.yaml"));
        string bad = text[..text.IndexOf("window_tokens", StringComparison.Ordinal)] + lines + "\n";

        InvalidInputException exception =
            Assert.Throws<InvalidInputException>(() => ModelCatalog.Read(folder.Write("bad.yaml", bad)));

        Assert.Equal("$.window_layers", Assert.Single(exception.Problems).Place);
    }
}
