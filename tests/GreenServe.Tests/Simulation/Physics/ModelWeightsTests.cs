using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class ModelWeightsTests
{
    private static readonly ModelWeights Llama = ModelWeights.Of(TestSystems.Llama2For70B);

    [Fact]
    public void Of_CountsTheWeightsOfLlama2For70B()
    {
        // A layer: queries and output 2 x 8192 x 8192, keys and values 2 x 8192 x 1024, three matrices of 8192 x 28672.
        double layer = (2.0 * 8192 * 8192) + (2.0 * 8192 * 1024) + (3.0 * 8192 * 28672);
        Assert.Equal(80 * layer, Llama.LayerWeights);
        Assert.Equal(32000.0 * 8192, Llama.HeadWeights);
        Assert.Equal(68.97e9, Llama.TotalWeights, 0.02e9);
        Assert.Equal(Llama.LayerWeights, Llama.WeightsPerToken);
        Assert.Equal(Llama.LayerWeights, Llama.TouchedWeights(1));
    }

    [Fact]
    public void Touched_GrowsFromTheExpertsOfOneTokenToAll()
    {
        ModelWeights mixtral = ModelWeights.Of(TestSystems.Mixtral);

        Assert.Equal(mixtral.WeightsPerToken, mixtral.TouchedWeights(1), 1);

        // Two tokens, each through 2 of 8: 8 x (1 - (6/8)^2) = 3.5 experts.
        Assert.Equal(mixtral.DenseWeights + (3.5 * mixtral.WeightsPerExpert), mixtral.TouchedWeights(2), 1);
        Assert.Equal(mixtral.LayerWeights, mixtral.TouchedWeights(512), mixtral.LayerWeights * 1e-9);
        Assert.Equal(46.7e9, mixtral.TotalWeights, 0.2e9);
        Assert.Equal(12.9e9, mixtral.WeightsPerToken + mixtral.HeadWeights + mixtral.EmbeddingWeights, 0.2e9);
    }

    [Fact]
    public void Touched_CountsFewerChoices_WhenTokensChooseAlike()
    {
        ModelWeights mixtral = ModelWeights.Of(TestSystems.Mixtral);

        // 16 tokens with exponent 3/4 amount to 16^0.75 = 8 independent ones, and 16 with 1/2 to 4.
        Assert.Equal(mixtral.TouchedWeights(8), mixtral.TouchedWeights(16, choiceExponent: 0.75), 1);
        Assert.Equal(mixtral.TouchedWeights(4), mixtral.TouchedWeights(16, choiceExponent: 0.5), 1);

        // One token passes through its own experts whatever others would choose.
        Assert.Equal(mixtral.WeightsPerToken, mixtral.TouchedWeights(1, choiceExponent: 0.75), 1);
        Assert.Equal(Llama.LayerWeights, Llama.TouchedWeights(16, choiceExponent: 0.75));
    }
}
