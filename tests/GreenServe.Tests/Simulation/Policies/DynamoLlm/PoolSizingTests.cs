using GreenServe.Simulation.Policies.DynamoLlm;

namespace GreenServe.Tests.Simulation.Policies.DynamoLlm;

/// <summary>Pools in the order SS, SM, SL, MS, MM, ML, LS, LM, LL.</summary>
public sealed class PoolSizingTests
{
    [Fact]
    public void WithoutFragments_HandsTheRestToTheNextClassThatDominates()
    {
        // SS fills 2.5 servers and hands 0.5 to SM: 0.8 + 0.5 fill one, and 0.3 go on to SL, to ML with its 0.4, and to LL: 0.7 + 0.2.
        int[] servers = PoolSizing.WithoutFragments([2.5, 0.8, 0, 0, 0, 0.4, 0, 0, 0.2], available: 12);

        Assert.Equal([2, 1, 0, 0, 0, 0, 0, 0, 1], servers);
    }

    [Fact]
    public void WithoutFragments_KeepsAServer_WhenNothingIsExpected() =>
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1], PoolSizing.WithoutFragments(new double[9], available: 12));

    [Fact]
    public void ForPeaks_RoundsEachPoolUp() =>
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 2], PoolSizing.ForPeaks([0.01, 0, 0, 0.9, 0, 0, 0, 0, 1.1], available: 12));

    [Fact]
    public void Servers_AreAllUsed_WhenTheyAreTooFew()
    {
        // One server too few: the pool with the lowest load, SS, hands its requests on through SM and SL to ML, which gets the server.
        int[] servers = PoolSizing.ForPeaks([0.1, 0, 0, 1.5, 0, 0.2, 0, 0, 0.9], available: 4);

        Assert.Equal([0, 0, 0, 2, 0, 1, 0, 0, 1], servers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Servers_GoToTheLargestClass_WhenThereAreHardlyAny(int available)
    {
        int[] servers = PoolSizing.WithoutFragments([.. Enumerable.Repeat(10.0, 9)], available);

        Assert.Equal((available, available), (servers.Sum(), servers[8]));
    }

    [Fact]
    public void LoadsOfPools_HandOnWhatThePoolDoesNotCarry()
    {
        double[] loads = PoolSizing.LoadsOfPools([1.25, 0, 0, 0, 0, 0, 0.5, 0, 0.125], [1, 0, 0, 0, 0, 0, 0, 0, 1]);

        // SS carries 1 of 1.25 with its one server. LS has none.
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0.875], loads);
    }

    [Fact]
    public void Dominates_ComparesInputsAndOutputs()
    {
        Assert.True(PoolSizing.Dominates(8, 2));
        Assert.True(PoolSizing.Dominates(4, 4));
        Assert.False(PoolSizing.Dominates(2, 3));
    }
}
