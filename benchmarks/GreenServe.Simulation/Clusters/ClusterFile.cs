using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Clusters.Variants;
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

    /// <summary>Paths of the files that it names: grid signals, accelerators, engines and models.</summary>
    [JsonIgnore]
    public IEnumerable<string> Paths => (Sites?.Values ?? []).Select(site => site.GridPath)
        .Concat(Replicas.SelectMany(group => (string?[])[group.Gpu, group.Engine, group.Model]))
        .Concat((Variants?.Values ?? []).Select(variant => variant.Model))
        .Where(File.Exists).Select(path => path!).Distinct().Order(StringComparer.Ordinal);

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
        Dictionary<string, ModelVariant> variants = ReadAll(Variants, entry => entry.Variant(), "$.variants", problems);
        Dictionary<string, GridSignal> signals = ReadAll(Sites, site => site.ReadSignal(), "$.sites", problems);
        List<ClusterReplica> replicas = [];
        foreach ((int index, ReplicaGroup group) in Replicas.Index())
        {
            problems.AddRange(InvalidInputException.ProblemsOf(() => replicas.AddRange(group.Replicas(model, variants.Values)))
                .Select(problem => problem with { Place = $"$.replicas[{index}]: {problem.Place}" }));
        }

        SimulatedSystem.ThrowIfAny(problems);
        return For(replicas, variants, signals);
    }

    /// <summary>Reads what entries name. Problems that do not name a file of their own get the place of the entry.</summary>
    private static Dictionary<string, TRead> ReadAll<TEntry, TRead>(
        IReadOnlyDictionary<string, TEntry>? entries, Func<TEntry, TRead> read, string place, List<Problem> problems)
    {
        Dictionary<string, TRead> known = [];
        foreach ((string name, TEntry entry) in entries ?? new Dictionary<string, TEntry>())
        {
            problems.AddRange(InvalidInputException.ProblemsOf(() => known[name] = read(entry))
                .Select(problem => problem.File is null ? problem with { Place = $"{place}.{name}: {problem.Place}" } : problem));
        }

        return known;
    }

    private ClusterDefinition For(
        IReadOnlyList<ClusterReplica> replicas,
        IReadOnlyDictionary<string, ModelVariant> variants,
        IReadOnlyDictionary<string, GridSignal> signals) => new()
        {
            Replicas = replicas,
            Variants = variants,
            Facility = FacilityWith(signals),
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
