using GreenServe.Simulation.Engines;

namespace GreenServe.Tests.Simulation.Engines;

public sealed class SpeculativeDecodingTests
{
    [Fact]
    public void TokensPerStep_IsTheGeometricSum()
    {
        SpeculativeDecoding draft = new() { DraftTokens = 3, AcceptanceProbability = 0.5, DraftCostRatio = 0.1 };
        Assert.Equal(1 + 0.5 + 0.25 + 0.125, draft.TokensPerStep, 1e-12);
    }
}
