using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.Policies.PolicyRuns;

namespace GreenServe.Tests.Simulation.Policies;

public sealed class SpreadEvenlyTests
{
    private static readonly List<ScheduledRequest> Requests = new List<ScheduledRequest>().Steady(0, 50, 4, 200, 10);

    private static readonly SpreadEvenly InTurn = new() { Name = "spread", Source = "test" };

    [Fact]
    public void Execute_GivesEveryModelTheSameNumber_InTurn() =>
        Assert.Equal([100, 100], Run(Requests, TwoModels(), InTurn).Summary.CompletedByReplica);

    [Fact]
    public void Execute_GivesEveryModelAboutTheSameNumber_AtRandom_AndTheSameForTheSameSeed()
    {
        SpreadEvenly random = InTurn with { Order = SpreadOrder.AtRandom };

        IReadOnlyList<long> first = Run(Requests, TwoModels(), random).Summary.CompletedByReplica;

        // 200 draws: 100 of each, with a standard deviation of 7.
        Assert.InRange(first[0], 70, 130);
        Assert.Equal(first, Run(Requests, TwoModels(), random).Summary.CompletedByReplica);
    }

    [Fact]
    public void Execute_PassesOverAModelThatDoesNotServe()
    {
        ClusterDefinition cluster = TwoModels();
        cluster = cluster with { Replicas = [cluster.Replicas[0], cluster.Replicas[1] with { StartsOff = true }] };

        Assert.Equal([200, 0], Run(Requests, cluster, InTurn).Summary.CompletedByReplica);
    }

    [Fact]
    public void Execute_GivesEverySiteTheSameNumber_HoweverManyServersItHas()
    {
        ClusterReplica server = new() { System = Small };
        ClusterDefinition cluster = new()
        {
            Replicas = [server with { Site = "north" }, server with { Site = "south" }, server with { Site = "south" }],
        };

        IReadOnlyList<long> completed = Run(Requests, cluster, InTurn with { Over = SpreadTarget.Sites }).Summary.CompletedByReplica;

        Assert.Equal(100, completed[0]);
    }
}
