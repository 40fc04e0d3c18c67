namespace GreenServe.Analysis.Comparison.History;

/// <summary>One run in a history file, which is one line of the file.</summary>
public sealed record HistoryEntry
{
    /// <summary>The newest version of the line's format, which this build writes.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of the line's format.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Time at which the line was added, in UTC. It gives the order of the lines after merges.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Name of what was run, for example a commit, a version or a date. Runs of one label are repetitions.</summary>
    public required string Label { get; init; }

    /// <summary>Evidence, system, model, knobs, workload and operating point of the run, in words.</summary>
    /// <remarks>Runs of one series differ in their label and their seed only, so that they can be compared.</remarks>
    public required string Series { get; init; }

    /// <summary>Seed of the run's workload.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the run was valid. An invalid run is kept in the file and left out of trends.</summary>
    public required bool IsValid { get; init; }

    /// <summary>The metrics of the run by name, without those that were not measured.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
}
