using CsCheck;
using GreenServe.Records.Documents;
using GreenServe.Records.Grids;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traits;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

/// <summary>What holds for every policy that the suite comes with, whatever the load.</summary>
public sealed class PolicyInvariantTests
{
    private static readonly string[] Priorities = ["high", "low", "flex"];

    private static readonly Adapter[] Adapters =
        [.. Enumerable.Range(0, 5).Select(number => new Adapter(number, Rank: 8 << number, Bytes: 20e6 * (1 << number)))];

    private static readonly SimulatedSystem Server = TestSystems.H100(TestSystems.Llama31For8B, 4) with { GpuCount = 4 };

    private static readonly SloProfile Slo = SloCatalog.Read("dynamollm");

    private static readonly Facility Facility = new()
    {
        Rows = new Dictionary<string, RowEntry>
        {
            ["a"] = new() { BudgetWatts = 6000 },
            ["b"] = new() { BudgetWatts = 6000 },
        },
        Sites = new Dictionary<string, GridSignal>
        {
            ["north"] = new([new GridPoint(0, 400, 0.2), new GridPoint(20, 100, 0.1)]),
            ["south"] = new([new GridPoint(0, 200, 0.3)]),
        },
    };

    /// <summary>Clusters of different kinds. A policy is tried on the first that it can control.</summary>
    private static readonly ClusterDefinition[] Clusters =
    [
        Cluster(ReplicaRole.Whole, ReplicaRole.Whole, ReplicaRole.Whole, ReplicaRole.Whole),
        Cluster(ReplicaRole.Prefill, ReplicaRole.Prefill, ReplicaRole.Decode, ReplicaRole.Decode),
        PolicyRuns.TwoModels(),
    ];

    private static readonly Gen<List<ScheduledRequest>> Loads =
        Gen.Select(Gen.Double[0, 0.5], Gen.Int[1, 3000], Gen.Int[1, 300]).List[1, 60].Select(WithTraits);

    public static TheoryData<string> Policies => [.. PolicyCatalog.Names];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Execute_LosesNoRequestAndNoJoule(string name) => Loads.Sample(
        requests =>
        {
            (Recorder recorder, ClusterSummary summary) = Run(name, requests);

            PolicyRuns.AssertNothingIsLost(requests, recorder, summary);
        },
        iter: 3);

    [Theory]
    [MemberData(nameof(Policies))]
    public void Execute_RepeatsItself(string name) => Loads.Sample(
        requests =>
        {
            (Recorder first, ClusterSummary one) = Run(name, requests);
            (Recorder second, ClusterSummary two) = Run(name, requests);

            Assert.Equal(first.Outcomes, second.Outcomes);
            Assert.Equal(one.Actions, two.Actions);
            Assert.Equal(one.TotalJoules, two.TotalJoules);
        },
        iter: 1);

    [Theory]
    [MemberData(nameof(Policies))]
    public void Execute_CostsAtMostAnIdleServerMore_WithHalfTheLoad(string name)
    {
        List<ScheduledRequest> load = WithTraits(
            [.. Enumerable.Range(0, 600).Select(id => (0.1, 500 + (id % 7 * 100), 50 + (id % 5 * 20)))]);
        List<ScheduledRequest> half = [.. load.Where(request => request.Id % 2 == 0).Select((request, id) => request with { Id = id })];

        double whole = Run(name, load).Summary.TotalJoules;
        double less = Run(name, half).Summary.TotalJoules;

        // Decisions about whole servers come in steps: half the load may cost up to one idle server over the run more.
        double oneServer = 4 * 123 * 60.0;
        Assert.True(less <= whole + oneServer, $"{less:F0} J for half of what costs {whole:F0} J");
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Document_HoldsWhatItsFileMayState(string name)
    {
        PolicyDefinition policy = PolicyCatalog.Find(name);

        // Changed parameters are written into the document of a policy, which is then read as a file is.
        PolicyDefinition again = DocumentTree.Parse(DocumentContract.Canonical(policy), "policy.json").Bind<PolicyDefinition>();

        Assert.Equal(DocumentContract.Canonical(policy), DocumentContract.Canonical(again));
    }

    private static (Recorder Recorder, ClusterSummary Summary) Run(string name, List<ScheduledRequest> requests)
    {
        PolicyDefinition policy = PolicyCatalog.Find(name);
        foreach (ClusterDefinition cluster in Clusters)
        {
            PolicySetting setting = new()
            {
                Cluster = cluster,
                Slo = Slo,
                Schedule = new RequestSchedule(requests) { Adapters = Adapters, Priorities = Priorities },
                Seed = 5,
            };
            if (!policy.CheckFor(setting).Any())
            {
                Recorder recorder = new();
                ClusterController controller = new(policy.Create(setting)) { Seed = setting.Seed };
                return (recorder, SimulatedCluster.Execute(setting.Schedule, cluster, recorder, controller));
            }
        }

        Assert.Fail($"No cluster of this test can be controlled by {name}.");
        throw new InvalidOperationException();
    }

    private static ClusterDefinition Cluster(params ReplicaRole[] roles) => new()
    {
        Replicas = [.. roles.Select((role, number) => new ClusterReplica
        {
            System = Server, Role = role, Row = number % 2 == 0 ? "a" : "b", Site = number % 2 == 0 ? "north" : "south", HostWatts = 500,
        })],
        Facility = Facility,
        StartSeconds = 5,
        ReshardSeconds = 2,
        WakeSeconds = 1,
    };

    private static List<ScheduledRequest> WithTraits(List<(double Gap, int Input, int Output)> drawn) =>
        [.. ToSchedule(drawn).Select(request => request with
        {
            Priority = Priorities[request.Id % 3], Adapter = (int)(request.Id % Adapters.Length),
        })];
}
