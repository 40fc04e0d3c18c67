using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters;

/// <summary>A cluster as a file describes it (<c>*.cluster.yaml</c>): see <c>docs/simulator.md</c>.</summary>
public sealed record ClusterFile : IChecked
{
    /// <summary>How requests are spread.</summary>
    [Description("How requests are spread: round_robin, least_requests or least_tokens.")]
    public RouterKind Router { get; init; } = RouterKind.LeastTokens;

    /// <summary>The instances, numbered from 0 in this order.</summary>
    [Description("The instances, numbered from 0 in this order.")]
    public required IReadOnlyList<ReplicaGroup> Replicas { get; init; }

    /// <summary>What is done to the instances, in order of time.</summary>
    [Description("What is done to the instances, in order of time.")]
    public IReadOnlyList<ReplicaChange> Changes { get; init; } = [];

    /// <summary>From switching an instance on to its first request (s).</summary>
    [Description("From switching an instance on to its first request, in seconds.")]
    [Range(0, 86_400)]
    public double StartSeconds { get; init; } = 420;

    /// <summary>From the last request before a re-sharding to the first after it (s).</summary>
    [Description("From the last request before a re-sharding to the first after it, in seconds.")]
    [Range(0, 86_400)]
    public double ReshardSeconds { get; init; } = 60;

    /// <summary>How long setting a clock keeps an instance from working (s).</summary>
    [Description("How long setting a clock keeps an instance from working, in seconds.")]
    [Range(0, 60)]
    public double ClockChangeSeconds { get; init; } = 0.065;

    /// <summary>Bandwidth at which a prompt's keys and values move to another instance (bytes/s).</summary>
    [Description("Bandwidth at which a prompt's keys and values move to another instance, in bytes per second.")]
    [Range(0, 1e15, MinimumIsExclusive = true)]
    public double TransferBytesPerSecond { get; init; } = 50e9;

    /// <summary>Latency of such a move (s).</summary>
    [Description("Latency of such a move, in seconds.")]
    [Range(0, 60)]
    public double TransferLatencySeconds { get; init; } = 0.002;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read or is not valid; every problem.</exception>
    public static ClusterFile Read(string path) => DocumentTree.Read(path).Bind<ClusterFile>();

    /// <inheritdoc />
    public IEnumerable<Problem> Check() => Replicas.Index().SelectMany(item => item.Item.UnknownClasses.Select(name =>
        new Problem($"$.replicas[{item.Index}].classes", name, "classes SS to LL")));

    /// <summary>The cluster, serving a model.</summary>
    /// <exception cref="InvalidInputException">An accelerator or engine is not known.</exception>
    public ClusterDefinition For(ModelDefinition model) => new()
    {
        Replicas = [.. Replicas.SelectMany(group => group.Replicas(model))],
        Router = Router,
        Changes = Changes,
        StartSeconds = StartSeconds,
        ReshardSeconds = ReshardSeconds,
        ClockChangeSeconds = ClockChangeSeconds,
        TransferBytesPerSecond = TransferBytesPerSecond,
        TransferLatencySeconds = TransferLatencySeconds,
    };
}
