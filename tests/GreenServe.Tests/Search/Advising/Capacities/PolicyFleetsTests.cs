using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Capacities;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;

namespace GreenServe.Tests.Search.Advising.Capacities;

public sealed class PolicyFleetsTests
{
    /// <summary>Four minutes of load and eight of almost none, with a small model.</summary>
    private static readonly Workload Waves = WorkloadCatalog.Read("bursts") with
    {
        Model = "llama-3.1-8b",
        Arrival = new OnOffArrival { OnSeconds = 60, OffSeconds = 120, RequestsPerSecond = 2, OffRequestsPerSecond = 0.2 },
        DurationSeconds = 360,
        WarmUpSeconds = 0,
    };

    [Theory]
    [InlineData(3, 2, 8, 1, 6)]
    [InlineData(4, 2, 8, 1, 8)]
    [InlineData(5, 2, 8, 2, 8)]
    [InlineData(3, 8, 8, 3, 8)]
    [InlineData(3, 4, 2, 3, 4)]
    public void ClusterOf_FillsWholeServers(int replicas, int degree, int serverGpus, int servers, int gpusOfServer)
    {
        PolicyFleets fleets = Fleets(new CapacityOptions { ServerGpus = serverGpus });

        ClusterDefinition cluster = fleets.ClusterOf(Setting(replicas, degree));

        // Instances fill servers of 8; one server alone is as large as it has to be, and so is the server of a larger instance.
        Assert.Equal(servers, cluster.Replicas.Count);
        Assert.All(cluster.Replicas, server => Assert.Equal(gpusOfServer, server.System.GpuCount));
        Assert.Equal(servers * gpusOfServer / degree, cluster.Replicas.Sum(server => server.Instances.Count()));
        Assert.Empty(cluster.Check());
    }

    [Fact]
    public void ClusterOf_KeepsTheRoles_OfASplitFleet()
    {
        ClusterDefinition cluster = Fleets(new CapacityOptions()).ClusterOf(Setting(2, 1) with { PrefillReplicas = 1 });

        Assert.Equal(
            [ReplicaRole.Prefill, ReplicaRole.Decode, ReplicaRole.Decode], cluster.Replicas.Select(server => server.Role));
    }

    [Fact]
    public void Find_GivesTheStaticNumbers_UnderAPolicyThatChangesNothing_AndSaysWhyAnotherWasLeftOut()
    {
        SettingTrials trials = new(Waves);
        ServingSetting setting = Setting(2, 1);
        PolicyFleets fleets = new(
            trials, new CapacityOptions { ServerGpus = 1, Policies = ["top-clock", "dynamo-planner"] }, Account());

        FleetPlan plan = Assert.Single(fleets.Find(setting));

        Assert.Equal(("top-clock", false, 2), (plan.Policy, plan.KnowsFuture, plan.Gpus));
        Assert.Equal(trials.Run(setting).JoulesPerOutputToken.Value!.Value, plan.JoulesPerOutputToken!.Value, tolerance: 0.02);
        Assert.Contains(
            fleets.Notes, note => note.StartsWith("The policy dynamo-planner cannot control this fleet: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false, "2 x TP 1 under an-oracle, which knows requests before they arrive")]
    [InlineData(false, true, "2 x TP 1 under an-oracle, which starts from the lengths and peaks of this very traffic")]
    [InlineData(false, false, "2 x TP 1 under an-oracle")]
    public void Under_SaysWhatAPolicyKnows(bool knowsFuture, bool startsFromOwnTraffic, string expected)
    {
        FleetOutcome outcome = new()
        {
            MeetsSlo = true,
            Requests = 1,
            Policy = new ControlPolicy { Name = "an-oracle", KnowsFuture = knowsFuture, StartsFromOwnTraffic = startsFromOwnTraffic },
        };

        FleetPlan plan = FleetPlans.Under(Setting(2, 1), "an-oracle", outcome);

        Assert.Equal((expected, knowsFuture), (plan.Words, plan.KnowsFuture));
    }

    private static PolicyFleets Fleets(CapacityOptions options) => new(new SettingTrials(Waves), options, Account());

    private static WorkAccount Account() => new(new CapacityOptions(), CancellationToken.None);

    private static ServingSetting Setting(int replicas, int degree) => new()
    {
        Gpu = "H100-80GB-SXM",
        Engine = "vllm-0.11",
        Model = "llama-3.1-8b",
        Replicas = replicas,
        Knobs = new Knobs { TensorParallelism = degree },
    };
}
