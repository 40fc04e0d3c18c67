using System.Text.Json.Nodes;

namespace GreenServe.Records.Runs;

/// <summary>Where a run stands in an experiment.</summary>
public sealed record ExperimentPoint
{
    /// <summary>Name of the experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>The artifact it is for, a name of the artifact catalog; <c>null</c> for none.</summary>
    public string? Artifact { get; init; }

    /// <summary>Value of each axis of the grid, by name, in the order of the file.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Coordinates { get; init; }

    /// <summary>Number of the repetition, from 0.</summary>
    public int Repetition { get; init; }
}
