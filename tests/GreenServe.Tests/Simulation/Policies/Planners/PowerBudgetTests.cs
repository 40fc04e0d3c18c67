using CsCheck;
using GreenServe.Simulation.Policies.Planners;

namespace GreenServe.Tests.Simulation.Policies.Planners;

public sealed class PowerBudgetTests
{
    /// <summary>The cases of NVIDIA's design document for the planner's power budget, worked out anew.</summary>
    [Theory]
    [InlineData(4, 4, 250, 250, 1500, 3, 3)] // 3 of 4 in proportion, 750 W left for three
    [InlineData(4, 4, 250, 250, 1499, 2, 3)] // floor(4 * 0.7495) = 2, 999 W left for three
    [InlineData(2, 4, 2400, 300, 4000, 1, 4)] // floor(2 * 0.667) = 1, 1600 W left, four wanted
    [InlineData(4, 4, 250, 250, 400, 0, 0)] // 500 W for the least numbers
    [InlineData(10, 2, 1000, 250, 5000, 4, 2)] // floor(10 * 0.476) = 4, 1000 W left, two wanted
    [InlineData(4, 4, 250, 250, 2000, 4, 4)] // as much as was wanted
    public void Clamp_IsThatOfTheDesign(
        int prefill, int decode, double prefillWatts, double decodeWatts, double limit, int expectedPrefill, int expectedDecode)
    {
        PowerBudget budget = new(prefillWatts, decodeWatts, limit, MinReplicas: 1);

        Assert.Equal(new ReplicaCounts(expectedPrefill, expectedDecode), budget.Clamp(new ReplicaCounts(prefill, decode)));
    }

    [Fact]
    public void Clamp_StaysWithinTheLimit_AndRaisesNothing() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Double[100, 6000], Gen.Double[100, 6000], Gen.Double[100, 1e5])
            .Sample((prefill, decode, prefillWatts, decodeWatts, limit) =>
            {
                PowerBudget budget = new(prefillWatts, decodeWatts, limit, MinReplicas: 1);
                ReplicaCounts clamped = budget.Clamp(new ReplicaCounts(prefill, decode));

                Assert.True(budget.Watts(clamped) <= limit, $"{clamped} draws {budget.Watts(clamped)} W of {limit} W");
                Assert.True(clamped.Prefill <= prefill && clamped.Decode <= decode);
            });
}
