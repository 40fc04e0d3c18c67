namespace GreenServe.Analysis.Comparison.History;

/// <summary>One line of a history file: one run.</summary>
public sealed record HistoryEntry
{
    /// <summary>The newest format this build writes and reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of the line's format.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>When it was added, in UTC; orders the file after merges.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>What was run: a commit, a version, a date. Runs of one label are repetitions.</summary>
    public required string Label { get; init; }

    /// <summary>What the series is: evidence, system, model, knobs, workload and operating point, in words.</summary>
    public required string Series { get; init; }

    /// <summary>Seed of the workload.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the run was valid; an invalid one is kept and not drawn.</summary>
    public required bool IsValid { get; init; }

    /// <summary>Metrics by name; those not measured are left out.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
}
