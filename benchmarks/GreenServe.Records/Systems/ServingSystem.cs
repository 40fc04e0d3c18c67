using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GreenServe.Records.Documents;

namespace GreenServe.Records.Systems;

/// <summary>The hardware and engine that serve, or the simulated cluster that does.</summary>
public sealed record ServingSystem : IChecked
{
    /// <summary>The largest number of accelerators in one server.</summary>
    public const int MaxGpuCount = 64;

    /// <summary>The largest number of accelerators in a cluster of servers.</summary>
    public const int MaxClusterGpuCount = 640_000;

    /// <summary>
    /// Name of the accelerator as its profile or its driver calls it, for example H100-80GB-SXM. It is needed unless a
    /// <see cref="Cluster"/> serves, whose file names its accelerators.
    /// </summary>
    public string Gpu { get; init; } = "";

    /// <summary>Accelerators in the server; without effect where a <see cref="Cluster"/> serves.</summary>
    /// <value>From 1 to 64 in a server, to 640000 in the record of a cluster; default 8.</value>
    [Range(1, MaxClusterGpuCount)]
    public int GpuCount { get; init; } = 8;

    /// <summary>
    /// Name of the engine's profile: the engine and its generation, for example vllm-0.11. It is needed unless a <see cref="Cluster"/>
    /// serves, whose file names its engines.
    /// </summary>
    public string Engine { get; init; } = "";

    /// <summary>
    /// The host to predict for, which a simulated engine's host work is scaled to; <c>null</c> for the host on which the constants of the
    /// engine's profile were fitted. A measured server states its host in the record's environment.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HostSpeed? Host { get; init; }

    /// <summary>
    /// File of the simulated cluster that serves (<c>*.cluster.yaml</c>), relative to the experiment's file; <c>null</c> for one instance.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cluster { get; init; }

    /// <summary>
    /// The policy that controls the cluster: a name of the catalog, or a file (<c>*.policy.yaml</c>) relative to the experiment's file;
    /// <c>null</c> for none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Policy { get; init; }

    /// <summary>
    /// Values of the cluster's file in place of those that it states, as a mapping like the file, for example start_seconds: 60;
    /// <c>null</c> for none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? ClusterChanges { get; init; }

    /// <summary>
    /// Values of the policy's parameters in place of those of its file, as a mapping like the file, for example zeta: 0.3; <c>null</c> for
    /// none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonNode? PolicyChanges { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check() => CheckNames()
        .Concat(CheckChanges("$.cluster_changes", ClusterChanges, Cluster))
        .Concat(CheckChanges("$.policy_changes", PolicyChanges, Policy));

    private static IEnumerable<Problem> CheckChanges(string place, JsonNode? changes, string? changed)
    {
        if (changes is not null and not JsonObject)
        {
            yield return new Problem(place, changes.ToJsonString(), "a mapping (key: value)");
        }
        else if (changes is not null && changed is null)
        {
            yield return new Problem(place, "changes of nothing", "none, or the file that they change");
        }
    }

    private IEnumerable<Problem> CheckNames()
    {
        (string Name, string? Value)[] named = [("gpu", Gpu), ("engine", Engine), ("host", Host?.Text)];
        if (Cluster is not null)
        {
            return named.Where(item => item.Value is { Length: > 0 }).Select(item => new Problem(
                $"$.{item.Name}", $"'{item.Value}' beside a cluster", "nothing: the file of the cluster names its hardware and engines"));
        }

        IEnumerable<Problem> missing = named.Where(item => item.Value is { Length: 0 }).Select(item => new Problem(
            $"$.{item.Name}", null, "a name, or the file of a cluster in place of gpu and engine"));
        return Policy is null ? missing : missing.Append(new Problem(
            "$.policy", $"'{Policy}'", "no policy, or the file of a cluster that it controls"));
    }
}
