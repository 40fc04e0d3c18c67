using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Capacity;

public sealed class StepTableTests
{
    private static readonly SimulatedSystem System = TestSystems.H100(TestSystems.Llama31For8B, 2);

    [Theory]
    [InlineData(1, 700)]
    [InlineData(7, 7)]
    [InlineData(200, 150_000)]
    public void Decode_CostsWhatTheStepModelSays(int sequences, long contextTokens)
    {
        StepTable table = new(System);

        StepCost cost = System.StepModel().Cost(StepShape.Decode(sequences, contextTokens));

        Assert.Equal(cost.Seconds, table.DecodeSeconds(sequences, contextTokens), 1e-9);
        Assert.Equal(cost.Joules, table.DecodeJoules(sequences, contextTokens), 1e-6);
    }

    [Fact]
    public void Prefill_IsTheSumOfItsChunks_AndIsRoundedUp()
    {
        StepTable table = new(System with { Knobs = System.Knobs with { StepTokens = 2048 } });
        StepModel model = System.StepModel();

        // 4,090 tokens are rounded up to 4,096, in two chunks of 2,048.
        double expected = model.Cost(StepShape.Prefill(2048, 0, false)).Seconds + model.Cost(StepShape.Prefill(2048, 2048, true)).Seconds;
        Assert.Equal(expected, table.PrefillSeconds(4090), 1e-9);
        Assert.Equal((0, 0, 0), (table.PrefillSeconds(0), table.PrefillJoules(0), table.DecodeSeconds(0, 0)));
    }
}
