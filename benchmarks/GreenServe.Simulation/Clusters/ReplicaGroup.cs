using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters;

/// <summary>A group of equal servers in a cluster file.</summary>
public sealed record ReplicaGroup
{
    /// <summary>Number of servers, from 1 to 10000. Each has one instance, unless <see cref="Partition"/> divides it.</summary>
    /// <value>Default 1.</value>
    [Range(1, 10_000)]
    public int Count { get; init; } = 1;

    /// <summary>Accelerator, by name or by the path of a file.</summary>
    public required string Gpu { get; init; }

    /// <summary>Number of accelerators in the server of each instance, used or not, from 1 to 64.</summary>
    /// <value>Default 8.</value>
    [Range(1, 64)]
    public int GpuCount { get; init; } = 8;

    /// <summary>Engine profile, by name or by the path of a file.</summary>
    public required string Engine { get; init; }

    /// <summary>Knobs of each instance.</summary>
    /// <value>Default: one accelerator at the highest clock and power cap, with the engine's own batch limits.</value>
    public Knobs Knobs { get; init; } = new();

    /// <summary>The model that they serve, by name or by the path of a file.</summary>
    /// <value>Default <c>null</c>: the model of the workload.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>How good the answers of their model are; <c>null</c> where that is not stated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelQuality? Quality { get; init; }

    /// <summary>
    /// Tensor parallelism of each instance that the server is divided into, together at most <see cref="GpuCount"/>, for example [4, 4].
    /// </summary>
    /// <value>Default: empty, which means one instance with the tensor parallelism of <see cref="Knobs"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Partition { get; init; }

    /// <summary>The part of a request that they serve: <c>whole</c>, <c>prefill</c>, <c>decode</c> or <c>mixed</c>.</summary>
    /// <value>Default <c>whole</c>.</value>
    public ReplicaRole Role { get; init; }

    /// <summary>Names of the request classes that they serve, SS to LL; empty for all.</summary>
    /// <value>Default: all.</value>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether they are switched off at the start.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool StartsOff { get; init; }

    /// <summary>Name of the row in which their servers stand; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Row { get; init; }

    /// <summary>Name of the site at which their servers stand; <c>null</c> for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Site { get; init; }

    /// <summary>
    /// Power of each server besides its accelerators while it is on, in watts, from 0 to 20000. It is a scope of its own, and is added to
    /// that of the accelerators only where a number says so.
    /// </summary>
    /// <value>Default <c>null</c>: not stated.</value>
    [Range(0, 20_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HostWatts { get; init; }

    /// <summary>Names in <see cref="Classes"/> that are not request classes.</summary>
    internal IEnumerable<string> UnknownClasses => Classes.Except(RequestClass.All.Select(requestClass => requestClass.Name));

    /// <summary>The servers of the group.</summary>
    /// <param name="model">The model of the workload.</param>
    /// <param name="variants">What instances can serve in place of their own model.</param>
    internal IEnumerable<ClusterReplica> Replicas(ModelDefinition model, IEnumerable<ModelVariant> variants)
    {
        SimulatedSystem system = new()
        {
            Model = Model is null ? model : ModelCatalog.Read(Model),
            Gpu = EngineCatalog.Find(Engine).AcceleratorFor(GpuCatalog.Find(Gpu)),
            GpuCount = GpuCount,
            Engine = EngineCatalog.Find(Engine),
            Knobs = Knobs,
        };
        ClusterReplica replica = new()
        {
            System = ModelVariant.WithBeside(system, system, variants),
            Quality = Quality,
            Partition = Partition ?? [],
            Role = Role,
            Classes = Classes.Count == 0 ? null : Classes.ToHashSet(),
            StartsOff = StartsOff,
            Row = Row,
            Site = Site,
            HostWatts = HostWatts,
        };
        return Enumerable.Repeat(replica, Count);
    }
}
