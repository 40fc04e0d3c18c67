using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies.Checks;

public sealed class PolicyNeedsTests
{
    private static readonly ClusterReplica Whole = new() { System = Small };

    private static readonly ClusterReplica[] Split =
        [Whole with { Role = ReplicaRole.Prefill }, Whole with { Role = ReplicaRole.Prefill }, Whole with { Role = ReplicaRole.Decode }];

    private static readonly SpreadEvenly Spread = new() { Name = "spread", Source = "test" };

    private static readonly FixedSetting Fixed = new() { Name = "fixed", Source = "test" };

    [Fact]
    public void Sites_AreTwoAndHoldEveryServer()
    {
        SpreadEvenly policy = Spread with { Over = SpreadTarget.Sites };
        ClusterReplica north = Whole with { Site = "north" };

        Assert.Equal("sites: got 2 servers at no site, want every server at a site, and at least two sites to choose from",
            Assert.Single(Problems(policy, Of(Whole, Whole))).ToString());
        Assert.Equal("1 site", Assert.Single(Problems(policy, Of(north, north))).Found);
        Assert.Empty(Problems(policy, Of(north, Whole with { Site = "south" })));
    }

    [Fact]
    public void Models_AreTwo()
    {
        Assert.Equal("replicas: got servers that are all alike, want at least two models to choose from",
            Assert.Single(Problems(Spread, Of(Whole, Whole))).ToString());
        Assert.Empty(Problems(Spread, TwoModels()));
    }

    [Fact]
    public void Rows_HoldEveryServer()
    {
        ClusterDefinition cluster = Of(Whole with { Row = "a" }, Whole) with
        {
            Facility = new Facility { Rows = new Dictionary<string, RowEntry> { ["a"] = new() { BudgetWatts = 1000 } } },
        };
        PolicyDefinition[] policies =
        [
            new Polca { Name = "polca", Source = "test" }, new PowerSlider { Name = "slider", Source = "test" },
            new Tapas { Name = "tapas", Source = "test" }, new UniformCap { Name = "cap", Source = "test" },
        ];

        Assert.All(policies, policy => Assert.Equal(
            "rows: got 1 server in no row, want every server in a row with budget_watts",
            Assert.Single(Problems(policy, cluster)).ToString()));
    }

    [Fact]
    public void WholeRequests_AreNeededByPoliciesThatSwitchServersOff() => Assert.Equal(
        "replicas: got servers with the role prefill and decode, want servers that serve whole requests",
        Assert.Single(Problems(new VariantAutoscaler { Name = "a", Source = "test" }, Of(Split))).ToString());

    [Fact]
    public void ServersOn_LeaveEveryRoleAndClassAServer()
    {
        ClusterReplica shorts = Whole with { Classes = new HashSet<string> { "SS" } };

        Assert.Equal("$.servers: got 2, want so many that every role and class of the cluster has one of the first servers",
            Assert.Single(Problems(Fixed with { Servers = 2 }, Of(Split))).ToString());
        Assert.Equal("$.servers", Assert.Single(Problems(Fixed with { Servers = 1 }, Of(shorts, Whole))).Place);
        Assert.Empty(Problems(Fixed with { Servers = 1 }, Of(Whole, shorts)));
        Assert.Empty(Problems(Fixed with { Servers = 2 }, Of(Split[0], Split[2], Split[1])));
    }

    [Fact]
    public void FixedSetting_StartsTheServersThatAreToBeOn()
    {
        ClusterReplica off = Whole with { StartsOff = true };
        List<ScheduledRequest> requests = [Request(0, 0, 100, 10)];

        ClusterSummary all = Run(requests, Of(off, off), Fixed).Summary;
        ClusterSummary one = Run(requests, Of(off, off), Fixed with { Servers = 1 }).Summary;

        Assert.Equal([0, 1], all.Actions.Select(action => action.Server!.Value));
        Assert.Equal((0, ActionKind.Start), (one.Actions.Single().Server!.Value, one.Actions.Single().Kind));
        Assert.Equal(1, one.CompletedRequests);
    }

    private static ClusterDefinition Of(params ClusterReplica[] replicas) => new() { Replicas = [.. replicas] };
}
