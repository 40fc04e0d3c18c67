using System.Text.Json.Nodes;

namespace GreenServe.Records.Runs;

/// <summary>The place of a run in an experiment: its coordinates in the grid and its repetition.</summary>
public sealed record ExperimentPoint
{
    /// <summary>Name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>
    /// The artifact that the experiment is for, a name of the artifact catalog; <c>null</c> for one that is made from the grid and called
    /// like the experiment.
    /// </summary>
    public string? Artifact { get; init; }

    /// <summary>The run's value on each axis of the grid, by the axis's name, in the order of the file.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Coordinates { get; init; }

    /// <summary>
    /// The paths in the workload that the experiment sets, for example <c>lengths.input.tokens</c>. The workload is then not the one of its
    /// name. It is empty where the workload is unchanged, and in records of earlier versions.
    /// </summary>
    /// <remarks>Model and SLO are not among them: a record has them beside its workload.</remarks>
    public IReadOnlyList<string> WorkloadChanges { get; init; } = [];

    /// <summary>Number of the repetition, from 0.</summary>
    public int Repetition { get; init; }
}
