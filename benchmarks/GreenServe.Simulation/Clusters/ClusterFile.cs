using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters;

/// <summary>A cluster as a file (<c>*.cluster.yaml</c>) describes it. <c>docs/simulator.md</c> explains the format.</summary>
public sealed record ClusterFile : IChecked
{
    /// <summary>
    /// How the router chooses an instance for a request: <c>round_robin</c>, <c>least_requests</c> or <c>least_tokens</c>.
    /// </summary>
    /// <value>Default <c>least_tokens</c>.</value>
    public RouterKind Router { get; init; } = RouterKind.LeastTokens;

    /// <summary>The instances, numbered from 0 in this order.</summary>
    public required IReadOnlyList<ReplicaGroup> Replicas { get; init; }

    /// <summary>What an operator does to the instances, in order of time.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyList<ReplicaChange> Changes { get; init; } = [];

    /// <summary>Time from switching an instance on to its first request, in seconds, from 0 to 86400.</summary>
    /// <value>Default 420.</value>
    [Range(0, 86_400)]
    public double StartSeconds { get; init; } = ClusterDefinition.DefaultStartSeconds;

    /// <summary>Time from the last request before a re-sharding to the first one after it, in seconds, from 0 to 86400.</summary>
    /// <value>Default 60.</value>
    [Range(0, 86_400)]
    public double ReshardSeconds { get; init; } = ClusterDefinition.DefaultReshardSeconds;

    /// <summary>Time for which setting a clock keeps an instance from working, in seconds, from 0 to 60.</summary>
    /// <value>Default 0.065.</value>
    [Range(0, 60)]
    public double ClockChangeSeconds { get; init; } = ClusterDefinition.DefaultClockChangeSeconds;

    /// <summary>Bandwidth at which the keys and values of a prompt move to another instance, in bytes per second, in (0, 1e15].</summary>
    /// <value>Default 50e9.</value>
    [Range(0, 1e15, MinimumIsExclusive = true)]
    public double TransferBytesPerSecond { get; init; } = ClusterDefinition.DefaultTransferBytesPerSecond;

    /// <summary>Latency of moving the keys and values of a prompt to another instance, in seconds, from 0 to 60.</summary>
    /// <value>Default 0.002.</value>
    [Range(0, 60)]
    public double TransferLatencySeconds { get; init; } = ClusterDefinition.DefaultTransferLatencySeconds;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or is not valid. The exception lists every problem.</exception>
    public static ClusterFile Read(string path) => DocumentTree.Read(path).Bind<ClusterFile>();

    /// <inheritdoc />
    public IEnumerable<Problem> Check() => Replicas.Index().SelectMany(item => item.Item.UnknownClasses.Select(name =>
        new Problem($"$.replicas[{item.Index}].classes", name, "classes SS to LL")));

    /// <summary>The cluster, which serves a model.</summary>
    /// <param name="model">The model.</param>
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
