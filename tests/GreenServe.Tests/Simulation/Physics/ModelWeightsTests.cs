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
        Assert.Equal(80 * layer, Llama.AllLayers);
        Assert.Equal(32000.0 * 8192, Llama.Head);
        Assert.Equal(68.97e9, Llama.Total, 0.02e9);
        Assert.Equal(Llama.AllLayers, Llama.PerToken);
        Assert.Equal(Llama.AllLayers, Llama.Touched(1));
    }

    [Fact]
    public void Touched_GrowsFromTheExpertsOfOneTokenToAll()
    {
        ModelWeights mixtral = ModelWeights.Of(TestSystems.Mixtral);

        Assert.Equal(mixtral.PerToken, mixtral.Touched(1), 1);

        // Two tokens, each through 2 of 8: 8 x (1 - (6/8)^2) = 3.5 experts.
        Assert.Equal(mixtral.Dense + (3.5 * mixtral.PerExpert), mixtral.Touched(2), 1);
        Assert.Equal(mixtral.AllLayers, mixtral.Touched(512), mixtral.AllLayers * 1e-9);
        Assert.Equal(46.7e9, mixtral.Total, 0.2e9);
        Assert.Equal(12.9e9, mixtral.PerToken + mixtral.Head + mixtral.Embedding, 0.2e9);
    }
}
