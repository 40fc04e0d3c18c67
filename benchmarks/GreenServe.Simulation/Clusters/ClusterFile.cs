using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
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

    /// <summary>Time from waking an instance that sleeps to its first request, in seconds, from 0 to 86400.</summary>
    /// <value>Default 10.</value>
    [Range(0, 86_400)]
    public double WakeSeconds { get; init; } = ClusterDefinition.DefaultWakeSeconds;

    /// <summary>Bandwidth at which the keys and values of a prompt move to another instance, in bytes per second, in (0, 1e15].</summary>
    /// <value>Default 50e9.</value>
    [Range(0, 1e15, MinimumIsExclusive = true)]
    public double TransferBytesPerSecond { get; init; } = ClusterDefinition.DefaultTransferBytesPerSecond;

    /// <summary>Latency of moving the keys and values of a prompt to another instance, in seconds, from 0 to 60.</summary>
    /// <value>Default 0.002.</value>
    [Range(0, 60)]
    public double TransferLatencySeconds { get; init; } = ClusterDefinition.DefaultTransferLatencySeconds;

    /// <summary>
    /// Length from which on a prompt's keys and values move layer by layer while it is processed, in tokens, from 1 to 10000000.
    /// </summary>
    /// <value>Default <c>null</c>: they always move after it.</value>
    [Range(1, 10_000_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LayeredTransferTokens { get; init; }

    /// <summary>The part of a transfer layer by layer that is not hidden behind the prompt, in seconds, from 0 to 60.</summary>
    /// <value>Default <c>null</c>: 0.005.</value>
    [Range(0, 60)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LayeredTransferSeconds { get; init; }

    /// <summary>Models and precisions that instances can serve in place of their own, by name.</summary>
    /// <value>Default: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, VariantEntry>? Variants { get; init; }

    /// <summary>Rows of servers that share a power budget, by name.</summary>
    /// <value>Default: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, RowEntry>? Rows { get; init; }

    /// <summary>Places on different electric grids, by name.</summary>
    /// <value>Default: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, SiteEntry>? Sites { get; init; }

    /// <summary>Constants of the thermal model.</summary>
    /// <value>Default: temperatures are not modelled.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ThermalEntry? Thermal { get; init; }

    /// <summary>Times in which there is less power or less air than planned.</summary>
    /// <value>Default: none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EmergencyEntry>? Emergencies { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="changes">Values in place of those of the file, as a mapping like the file; <c>null</c> for none.</param>
    /// <exception cref="InvalidInputException">The file cannot be read or is not valid. The exception lists every problem.</exception>
    public static ClusterFile Read(string path, JsonNode? changes = null)
    {
        ClusterFile file = DocumentTree.Read(path).WithAll(changes, new DocumentOrigin("cluster_changes")).Bind<ClusterFile>();
        string folder = Path.GetDirectoryName(path) ?? "";
        return file with { Sites = file.Sites?.ToDictionary(site => site.Key, site => site.Value.Within(folder)) };
    }

    /// <inheritdoc />
    public IEnumerable<Problem> Check() => Replicas.Index().SelectMany(item => item.Item.UnknownClasses.Select(name =>
            new Problem($"$.replicas[{item.Index}].classes", name, "classes SS to LL")))
        .Concat(FacilityWith(new Dictionary<string, GridSignal>()).Check(
            [.. Replicas.Index().Select(item => ($"$.replicas[{item.Index}]", item.Item.Row, item.Item.Site))], Sites?.Keys ?? []));

    /// <summary>The cluster, which serves a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidInputException">A model, an accelerator, an engine or the signal of a grid is not known.</exception>
    public ClusterDefinition For(ModelDefinition model)
    {
        List<Problem> problems = [];
        Dictionary<string, ModelVariant> variants = [];
        foreach ((string name, VariantEntry entry) in Variants ?? new Dictionary<string, VariantEntry>())
        {
            problems.AddRange(InvalidInputException.ProblemsOf(() => variants[name] = entry.Variant())
                .Select(problem => problem with { Place = $"$.variants.{name}: {problem.Place}" }));
        }

        List<ClusterReplica> replicas = [];
        foreach ((int index, ReplicaGroup group) in Replicas.Index())
        {
            problems.AddRange(InvalidInputException.ProblemsOf(() => replicas.AddRange(group.Replicas(model, variants.Values)))
                .Select(problem => problem with { Place = $"$.replicas[{index}]: {problem.Place}" }));
        }

        SimulatedSystem.ThrowIfAny(problems);
        return For(replicas, variants);
    }

    private ClusterDefinition For(IReadOnlyList<ClusterReplica> replicas, IReadOnlyDictionary<string, ModelVariant> variants) => new()
    {
        Replicas = replicas,
        Variants = variants,
        Facility = FacilityWith((Sites ?? new Dictionary<string, SiteEntry>())
            .ToDictionary(site => site.Key, site => site.Value.ReadSignal())),
        Router = Router,
        Changes = Changes,
        StartSeconds = StartSeconds,
        ReshardSeconds = ReshardSeconds,
        ClockChangeSeconds = ClockChangeSeconds,
        WakeSeconds = WakeSeconds,
        TransferBytesPerSecond = TransferBytesPerSecond,
        TransferLatencySeconds = TransferLatencySeconds,
        LayeredTransferTokens = LayeredTransferTokens,
        LayeredTransferSeconds = LayeredTransferSeconds ?? ClusterDefinition.DefaultLayeredTransferSeconds,
    };

    private Facility FacilityWith(IReadOnlyDictionary<string, GridSignal> signals) => new()
    {
        Rows = Rows ?? new Dictionary<string, RowEntry>(),
        Sites = signals,
        Thermal = Thermal,
        Emergencies = Emergencies ?? [],
    };
}
