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

/// <summary>
/// The scenarios in which the speed and memory of the simulator are measured: Azure conversation lengths, Poisson arrivals, and
/// Llama-3.1-70B on eight H100.
/// </summary>
public static class SimulationScenarios
{
    /// <summary>Load of the single replica, in requests per second.</summary>
    public const double ReplicaRequestsPerSecond = 5;

    /// <summary>Load of the cluster, in requests per second.</summary>
    public const double ClusterRequestsPerSecond = 70;

    /// <summary>Number of replicas of the cluster.</summary>
    public const int ClusterReplicas = 40;

    /// <summary>The single replica, which is also each replica of the cluster.</summary>
    public static SimulatedSystem Replica { get; } = new()
    {
        Model = ModelCatalog.Read("llama-3.1-70b"),
        Gpu = GpuCatalog.Find("H100-80GB-SXM"),
        Engine = EngineCatalog.Find("vllm-0.11"),
        Knobs = new Knobs { TensorParallelism = 8 },
    };

    /// <summary>The cluster of <see cref="ClusterReplicas"/> replicas.</summary>
    public static ClusterDefinition Cluster { get; } = new()
    {
        Replicas = [.. Enumerable.Range(0, ClusterReplicas).Select(_ => new ClusterReplica { System = Replica })],
    };

    /// <summary>A schedule of requests of conversation lengths.</summary>
    /// <param name="requests">Number of requests.</param>
    /// <param name="requestsPerSecond">Mean rate of their arrivals, in requests per second.</param>
    public static RequestSchedule Schedule(int requests, double requestsPerSecond) =>
        RequestSchedule.For(WorkloadCatalog.Read("azure-conversation-2023") with
        {
            Arrival = new PoissonArrival { RequestsPerSecond = requestsPerSecond },
            Requests = requests,
            DurationSeconds = null,
            WarmUpSeconds = 0,
        });
}
