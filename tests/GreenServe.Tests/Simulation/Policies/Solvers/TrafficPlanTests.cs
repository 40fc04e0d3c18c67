using GreenServe.Simulation.Policies.Solvers;

namespace GreenServe.Tests.Simulation.Policies.Solvers;

public sealed class TrafficPlanTests
{
    [Fact]
    public void Solve_UsesTheCleanestPoolFirst_AndTheNextForTheRest()
    {
        // A server works 0.5 s for a request, so it has room for 2 per second. Three servers serve 5 per second, two of them clean.
        ServingOption clean = new(0, CostPerServer: 1, [0.5], [1]);
        ServingOption dirty = new(1, CostPerServer: 3, [0.5], [3]);

        TrafficPlan plan = TrafficPlan.Solve([clean, dirty], [2, 5], [5]);

        Assert.Equal([2, 1], plan.Servers);
        Assert.Equal(4, plan.RequestsPerSecond[0, 0], tolerance: 1e-6);
        Assert.Equal(1, plan.RequestsPerSecond[1, 0], tolerance: 1e-6);
        Assert.Equal(0, plan.UnservedPerSecond[0], tolerance: 1e-6);
    }

    [Fact]
    public void Solve_PrefersOneFastServerToTwoSlowOnes_WhenIdlePowerOutweighsThatOfWork()
    {
        // 3 requests per second: one server of the first option works 0.9 of the time, or two of the second 0.75 each. With costs of 10 a
        // server and 1 or 0.5 a request the plans cost 10 + 3 = 13 and 20 + 1.5 = 21.5.
        ServingOption fast = new(0, CostPerServer: 10, [0.3], [1]);
        ServingOption slow = new(0, CostPerServer: 10, [0.5], [0.5]);

        Assert.Equal([1, 0], TrafficPlan.Solve([fast, slow], [4], [3]).Servers);

        // At a cost of 1 a server they cost 4 and 3.5.
        Assert.Equal([0, 2], TrafficPlan.Solve([fast with { CostPerServer = 1 }, slow with { CostPerServer = 1 }], [4], [3]).Servers);
    }

    [Fact]
    public void Solve_KeepsARequestFromWhereItMissesItsLimits()
    {
        ServingOption small = new(0, CostPerServer: 1, [0.1, double.PositiveInfinity], [1, double.PositiveInfinity]);
        ServingOption large = new(0, CostPerServer: 1, [0.1, 0.1], [2, 2]);

        TrafficPlan plan = TrafficPlan.Solve([small, large], [3], [5, 5]);

        Assert.Equal([1, 1], plan.Servers);
        Assert.Equal(0, plan.RequestsPerSecond[0, 1], tolerance: 1e-6);
        Assert.Equal(5, plan.RequestsPerSecond[1, 1], tolerance: 1e-6);
    }

    [Fact]
    public void Solve_LeavesWhatNothingHasRoomFor_AndServesAllItCan()
    {
        ServingOption only = new(0, CostPerServer: 1, [1], [1]);

        TrafficPlan plan = TrafficPlan.Solve([only], [2], [3]);

        Assert.Equal([2], plan.Servers);
        Assert.Equal(1, plan.UnservedPerSecond[0], tolerance: 1e-6);
    }

    [Fact]
    public void Solve_SwitchesEverythingOff_WithoutDemand() =>
        Assert.Equal([0], TrafficPlan.Solve([new(0, CostPerServer: 1, [1], [1])], [2], [0]).Servers);
}
