using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

/// <summary>A cluster of three servers with four accelerators each, its profiles, and DynamoLLM with periods for short runs.</summary>
internal static class ServingPolicies
{
    internal const int Servers = 3;

    internal static readonly SimulatedSystem Server = TestSystems.H100(TestSystems.Llama31For8B, 4) with { GpuCount = 4 };

    internal static readonly SloProfile Slo = new()
    {
        Name = "test",
        Source = "test",
        Limits =
        [
            new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = 0.4 },
            new SloLimit { Metric = SloMetric.Tbt, LimitSeconds = 0.05 },
        ],
    };

    internal static readonly DynamoLlmSetting Dynamo = new()
    {
        Name = "test",
        Source = "test",
        InstancePeriodSeconds = 20,
        ShardPeriodSeconds = 7,
        ClockPeriodSeconds = 1,
        GpuClocksMegahertz = [1000, 1500],
    };

    /// <summary>
    /// Profiles of the nine classes; requests of a class are alike. Their tables are filled as they are read, by one thread.
    /// </summary>
    internal static readonly ServingProfiles Profiles = new(
        Server, TrafficHistory.Of(Traffic()), new RequestClassCuts(), SloByClass.Of(Slo, new RequestClassCuts(), Server));

    internal static ClusterDefinition Cluster() => new()
    {
        Replicas = [.. Enumerable.Repeat(new ClusterReplica { System = Server }, Servers)],
        StartSeconds = 3,
        ReshardSeconds = 1,
    };

    internal static DynamoLlmController Controller(DynamoLlmSetting setting) => new(setting, Profiles, Cluster().Replicas);

    internal static PolicySetting Setting(RequestSchedule schedule, SloProfile? slo = null) =>
        new() { Cluster = Cluster(), Schedule = schedule, Slo = slo };

    internal static (Recorder Recorder, ClusterSummary Summary) Run(
        IReadOnlyList<ScheduledRequest> requests, ClusterDefinition cluster, IClusterPolicy? policy)
    {
        Recorder recorder = new();
        ClusterController? controller = policy is null ? null : new ClusterController(policy) { Seed = 3 };
        return (recorder, SimulatedCluster.Execute(new RequestSchedule(requests), cluster, recorder, controller));
    }

    /// <summary>Requests of all classes in turn at a steady rate.</summary>
    internal static List<ScheduledRequest> Mixed(int count, double perSecond) => [.. Enumerable.Range(0, count).Select(id =>
    {
        RequestClass requestClass = RequestClass.All[id * 7 % 9];
        return Request(id, id / perSecond, InputOf(requestClass), OutputOf(requestClass));
    })];

    private static RequestSchedule Traffic() => new(Mixed(90, perSecond: 3));

    private static int InputOf(RequestClass requestClass) => 100 << (2 * (int)requestClass.Input);

    private static int OutputOf(RequestClass requestClass) => 50 << (2 * (int)requestClass.Output);
}
