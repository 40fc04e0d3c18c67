using GreenServe.Simulation.Policies.DynamoLlm;

namespace GreenServe.Tests.Simulation.Policies.DynamoLlm;

/// <summary>Pools in the order SS, SM, SL, MS, MM, ML, LS, LM, LL.</summary>
public sealed class PoolSizingTests
{
    private static readonly double[] Ten = [.. Enumerable.Repeat(10.0, 9)];

    [Fact]
    public void WithoutFragments_HandsTheRestToTheNextClassThatDominates()
    {
        // SS: 25 fill two servers and 5 go to SM: 8 + 5 fill one and 3 go to SL, from there to ML, and with its 4 to LL: 7 + 2 of LL take one.
        int[] servers = PoolSizing.WithoutFragments([25, 8, 0, 0, 0, 4, 0, 0, 2], Ten, available: 12);

        Assert.Equal([2, 1, 0, 0, 0, 0, 0, 0, 1], servers);
    }

    [Fact]
    public void WithoutFragments_KeepsAServer_WhenNothingIsExpected() =>
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1], PoolSizing.WithoutFragments(new double[9], Ten, available: 12));

    [Fact]
    public void WithoutFragments_SkipsAClassThatNoServerCarries()
    {
        double[] capacities = [.. Ten];
        capacities[6] = 0;

        // 20 LS go to LM, which carries them.
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 2, 1], PoolSizing.WithoutFragments([0, 0, 0, 0, 0, 0, 20, 0, 1], capacities, available: 12));
    }

    [Fact]
    public void ForPeaks_RoundsEachPoolUp() =>
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 2], PoolSizing.ForPeaks([0.1, 0, 0, 9, 0, 0, 0, 0, 11], Ten, available: 12));

    [Fact]
    public void Servers_AreAllUsed_WhenTheyAreTooFew()
    {
        // One server too few: the pool with the lowest load, SS, hands its requests on through SM and SL to ML and LL, which gets the rest.
        int[] servers = PoolSizing.ForPeaks([1, 0, 0, 15, 0, 0, 0, 0, 11], Ten, available: 4);

        Assert.Equal(4, servers.Sum());
        Assert.Equal((0, 2, 2), (servers[0], servers[3], servers[8]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Servers_GoToTheLargestClass_WhenThereAreHardlyAny(int available)
    {
        int[] servers = PoolSizing.WithoutFragments([100, 100, 100, 100, 100, 100, 100, 100, 100], Ten, available);

        Assert.Equal((available, available), (servers.Sum(), servers[8]));
    }

    [Fact]
    public void RatesOfPools_HandOnWhatThePoolDoesNotCarry()
    {
        double[] rates = PoolSizing.RatesOfPools([12, 0, 0, 0, 0, 0, 3, 0, 1], Ten, [1, 0, 0, 0, 0, 0, 0, 0, 1]);

        // SS carries 10 of 12 with its one server. LS has none.
        Assert.Equal([10, 0, 0, 0, 0, 0, 0, 0, 6], rates);
    }

    [Fact]
    public void Dominates_ComparesInputsAndOutputs()
    {
        Assert.True(PoolSizing.Dominates(8, 2));
        Assert.True(PoolSizing.Dominates(4, 4));
        Assert.False(PoolSizing.Dominates(2, 3));
    }
}
