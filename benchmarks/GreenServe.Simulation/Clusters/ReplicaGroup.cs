using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters;

/// <summary>Like instances in a cluster file.</summary>
public sealed record ReplicaGroup
{
    /// <summary>How many.</summary>
    [Description("How many instances of this kind.")]
    [Range(1, 10_000)]
    public int Count { get; init; } = 1;

    /// <summary>Accelerator, by name or file.</summary>
    [Description("Accelerator, by name or file.")]
    public required string Gpu { get; init; }

    /// <summary>Accelerators of each instance's server, used or not.</summary>
    [Description("Accelerators of each instance's server, used or not.")]
    [Range(1, 64)]
    public int GpuCount { get; init; } = 8;

    /// <summary>Engine profile, by name or file.</summary>
    [Description("Engine profile, by name or file.")]
    public required string Engine { get; init; }

    /// <summary>Knobs of each instance.</summary>
    [Description("Knobs of each instance.")]
    public Knobs Knobs { get; init; } = new();

    /// <summary>Which part of requests they serve.</summary>
    [Description("Which part of requests they serve: whole, prefill or decode.")]
    public ReplicaRole Role { get; init; }

    /// <summary>Request classes they serve (SS..LL); empty for all.</summary>
    [Description("Request classes they serve (SS..LL); absent for all.")]
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Whether they are switched off at the start.</summary>
    [Description("Whether they are switched off at the start.")]
    public bool StartsOff { get; init; }

    /// <summary>Names of classes that there are not.</summary>
    internal IEnumerable<string> UnknownClasses => Classes.Except(RequestClass.All.Select(requestClass => requestClass.Name));

    /// <summary>The instances, serving a model.</summary>
    internal IEnumerable<ClusterReplica> Replicas(ModelDefinition model)
    {
        ClusterReplica replica = new()
        {
            System = new SimulatedSystem
            {
                Model = model,
                Gpu = EngineCatalog.Find(Engine).AcceleratorFor(GpuCatalog.Find(Gpu)),
                GpuCount = GpuCount,
                Engine = EngineCatalog.Find(Engine),
                Knobs = Knobs,
            },
            Role = Role,
            Classes = Classes.Count == 0 ? null : Classes.ToHashSet(),
            StartsOff = StartsOff,
        };
        return Enumerable.Repeat(replica, Count);
    }
}
