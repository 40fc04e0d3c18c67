using GreenServe.Records.Systems;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>What the simulator's speed and allocation are measured on: Azure conversation lengths, Poisson arrivals, Llama-3.1-70B on H100, TP 8.</summary>
public static class SimulationScenarios
{
    /// <summary>Load of the single replica (requests/s).</summary>
    public const double ReplicaRequestsPerSecond = 5;

    /// <summary>Load of the cluster (requests/s).</summary>
    public const double ClusterRequestsPerSecond = 70;

    /// <summary>Replicas of the cluster.</summary>
    public const int ClusterReplicas = 40;

    /// <summary>The replica.</summary>
    public static SimulatedSystem Replica { get; } = new()
    {
        Model = ModelCatalog.Read("llama-3.1-70b"),
        Gpu = GpuCatalog.Find("H100-80GB-SXM"),
        Engine = EngineCatalog.Find("vllm-2025"),
        Knobs = new Knobs { TensorParallelism = 8 },
    };

    /// <summary>The cluster.</summary>
    public static ClusterDefinition Cluster { get; } = new()
    {
        Replicas = [.. Enumerable.Range(0, ClusterReplicas).Select(_ => new ClusterReplica { System = Replica })],
    };

    /// <summary>Requests of conversation lengths at a rate.</summary>
    public static RequestSchedule Schedule(int requests, double requestsPerSecond) => RequestSchedule.For(WorkloadCatalog.Read("azure-conversation-2023") with
    {
        Arrival = new PoissonArrival { RequestsPerSecond = requestsPerSecond },
        Requests = requests,
        DurationSeconds = null,
        WarmUpSeconds = 0,
    });
}
