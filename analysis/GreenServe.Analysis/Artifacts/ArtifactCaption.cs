using System.Text.Json.Serialization;
using GreenServe.Analysis.Figures;

namespace GreenServe.Analysis.Artifacts;

/// <summary>
/// The facts that a reader needs to interpret an artifact. It is written beside the artifact as JSON, with the figure as data.
/// </summary>
public sealed record ArtifactCaption
{
    /// <summary>The folder of artifacts and their captions inside an output folder.</summary>
    public const string Folder = "artifacts";

    /// <summary>Name of the artifact in kebab-case.</summary>
    public required string Name { get; init; }

    /// <summary>Title of the artifact for readers.</summary>
    public required string Title { get; init; }

    /// <summary>The question it answers.</summary>
    public required string Question { get; init; }

    /// <summary>Evidence kinds of its runs, for example <c>simulated</c>; each is drawn in series of its own.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>Hardware that served, with how much of it was used.</summary>
    public required IReadOnlyList<string> Systems { get; init; }

    /// <summary>Models that were served, with their precision.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Engines or servers that served them.</summary>
    public required IReadOnlyList<string> Engines { get; init; }

    /// <summary>Names of the workloads.</summary>
    public required IReadOnlyList<string> Workloads { get; init; }

    /// <summary>SHA-256 of every canonical workload, so that a reader can tell whether two artifacts had the same.</summary>
    public required IReadOnlyList<string> WorkloadHashes { get; init; }

    /// <summary>Seeds of the workloads.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Runs behind the artifact, invalid ones included.</summary>
    public required int Runs { get; init; }

    /// <summary>Runs that were left out as invalid.</summary>
    public required int InvalidRuns { get; init; }

    /// <summary>Meaning of the error bars, in words.</summary>
    public required string ErrorBars { get; init; }

    /// <summary>Scope and source of the joules, and what carbon, cost and the power of the host cover, in words.</summary>
    public required string Energy { get; init; }

    /// <summary>
    /// How the host work of simulated engines was scaled to another host, from what to what; <c>null</c> where no run names a host.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? HostScaling { get; init; }

    /// <summary>The rules by which the steady windows of the runs were found.</summary>
    public required IReadOnlyList<string> Windows { get; init; }

    /// <summary>Versions of the suite that made the runs.</summary>
    public required IReadOnlyList<string> SuiteVersions { get; init; }

    /// <summary>File names of its tables, the main one first.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>The figure of the artifact as data.</summary>
    public required Figure Figure { get; init; }
}
