using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Policies.DynamoLlm;

namespace GreenServe.Tests.Simulation.Policies.DynamoLlm;

public sealed class ShardPlanTests
{
    private static readonly ServingProfile[] Choices = [.. new[] { 1, 2, 4 }.Select(Profile)];

    [Fact]
    public void Best_UsesEveryAcceleratorAndCarriesTheRate()
    {
        double rate = 1.5 * Choices[2].CapacityRequestsPerSecond;

        ShardPlan plan = ShardPlan.Best(1, 8, Choices, rate);

        Assert.Equal(8, plan.Counts[0] + (2 * plan.Counts[1]) + (4 * plan.Counts[2]));
        Assert.True(plan.CapacityRequestsPerSecond >= rate);
    }

    [Fact]
    public void Best_NeedsTheLeastPower_OfAllThatCarryTheRate()
    {
        double rate = 0.4 * Choices[2].CapacityRequestsPerSecond;

        ShardPlan plan = ShardPlan.Best(1, 4, Choices, rate);

        int[][] all = [[4, 0, 0], [2, 1, 0], [0, 2, 0], [0, 0, 1]];
        double least = all.Select(counts => ShardPlan.Of(counts, Choices, rate))
            .Where(other => other.CapacityRequestsPerSecond >= rate).Min(other => other.Watts);
        Assert.Equal(least, plan.Watts);
    }

    [Fact]
    public void Best_CarriesMost_WhenNothingCarriesTheRate()
    {
        ShardPlan plan = ShardPlan.Best(1, 4, Choices, requestsPerSecond: 1e9);

        int[][] all = [[4, 0, 0], [2, 1, 0], [0, 2, 0], [0, 0, 1]];
        Assert.Equal(all.Max(counts => ShardPlan.Of(counts, Choices, 0).CapacityRequestsPerSecond), plan.CapacityRequestsPerSecond);
    }

    [Fact]
    public void Of_FillsOneInstanceAfterTheOther()
    {
        double capacity = Choices[0].CapacityRequestsPerSecond;

        ShardPlan plan = ShardPlan.Of([2, 0, 0], Choices, 1.25 * capacity);

        Assert.Equal(Choices[0].Watts(capacity) + Choices[0].Watts(0.25 * capacity), plan.Watts, 1e-9);
    }

    [Fact]
    public void PerServer_PacksInstancesIntoServers_LargestFirst()
    {
        ShardPlan plan = new([4, 2, 2], 0, 0);

        Assert.Equal([[4, 4], [2, 2, 1, 1, 1, 1]], plan.PerServer([1, 2, 4], serverGpus: 8));
    }

    [Fact]
    public void Best_LeavesNoInstanceBetweenServers_WhenADegreeDoesNotDivideAServer()
    {
        // Two servers of six accelerators hold two instances of four, never three, whatever the rate and whichever degrees there are.
        foreach (int skipped in new[] { 0, 1 })
        {
            ServingProfile[] choices = Choices[skipped..];
            int[] degrees = [.. new[] { 1, 2, 4 }[skipped..]];
            foreach (double share in new[] { 0.1, 1, 2, 1e6 })
            {
                ShardPlan plan = ShardPlan.Best(2, 6, choices, share * Choices[2].CapacityRequestsPerSecond);

                Assert.Equal([6, 6], plan.PerServer(degrees, serverGpus: 6).Select(server => server.Sum()));
                Assert.InRange(plan.Counts[^1], 0, 2);
            }
        }
    }

    [Fact]
    public void Best_LeavesWhatTheLowestDegreeCannotUse_WhenAServerHasOneMore()
    {
        // Three servers of three accelerators hold one instance of two each. Nine accelerators together would hold four.
        ShardPlan plan = ShardPlan.Best(3, 3, Choices[1..2], requestsPerSecond: 1e9);

        Assert.Equal([3], plan.Counts);
        Assert.Equal([[2], [2], [2]], plan.PerServer([2], serverGpus: 3));
    }

    private static ServingProfile Profile(int degree)
    {
        SloLimit limit = new() { Metric = SloMetric.Tbt, LimitSeconds = 0.02 };
        SloProfile slo = new() { Name = "test", Source = "test", Limits = [limit] };
        GreenServe.Simulation.Physics.SimulatedSystem system = TestSystems.H100(TestSystems.Llama31For8B, degree);
        return ServingProfile.Of(system, [new RequestLengths(200, 20)], new(), SloByClass.Of(slo, new RequestClassCuts(), system));
    }
}
