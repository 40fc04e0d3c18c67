namespace GreenServe.Records.Tables;

/// <summary>A table that a run record may hold.</summary>
/// <param name="Name">Name in snake_case, for example <c>token_gaps</c>.</param>
/// <param name="File">Name of the CSV file. A Parquet file beside it may hold the same columns.</param>
/// <param name="Columns">The columns in the order in which they are written.</param>
public sealed record RecordTable(string Name, string File, IReadOnlyList<RecordColumn> Columns)
{
    /// <summary>The requests of a run.</summary>
    internal static RecordTable Requests { get; } = Of(RunFiles.Requests, RunFiles.RequestColumns);

    /// <summary>The requests of a run whose workload states priorities or adapters.</summary>
    internal static RecordTable RequestsWithTraits { get; } = Of(RunFiles.Requests, [.. RunFiles.RequestColumns, .. RunFiles.TraitColumns]);

    /// <summary>The times of tokens.</summary>
    internal static RecordTable Tokens { get; } = Of(RunFiles.Tokens, RunFiles.TokenColumns);

    /// <summary>The gaps between tokens, as counts in bins.</summary>
    internal static RecordTable TokenGaps { get; } = Of(RunFiles.TokenGaps, RunFiles.TokenGapColumns);

    /// <summary>The lags of the load generator, as counts in bins.</summary>
    internal static RecordTable ClientLags { get; } = Of(RunFiles.ClientLags, RunFiles.ClientLagColumns);

    /// <summary>The readings of meters.</summary>
    internal static RecordTable Power { get; } = Of(RunFiles.Power, RunFiles.PowerColumns);

    /// <summary>The readings of devices.</summary>
    internal static RecordTable Device { get; } = Of(RunFiles.Device, RunFiles.DeviceColumns);

    /// <summary>
    /// The steps of an engine. Their times keep all digits, because the steps of a stretch are computed from them.
    /// </summary>
    internal static RecordTable Steps { get; } = Of(RunFiles.Steps, RunFiles.StepColumns, isRounded: false);

    /// <summary>The metrics of the server.</summary>
    internal static RecordTable Server { get; } = Of(RunFiles.Server, RunFiles.ServerColumns);

    /// <summary>The decisions of the policy of a simulated cluster.</summary>
    internal static RecordTable Actions { get; } = Of(RunFiles.Actions, RunFiles.ActionColumns);

    /// <summary>The state of a simulated cluster over time.</summary>
    internal static RecordTable Cluster { get; } = Of(RunFiles.Cluster, RunFiles.ClusterColumns);

    /// <summary>Every table that a run record may hold.</summary>
    public static IReadOnlyList<RecordTable> All { get; } =
        [Requests, Tokens, TokenGaps, ClientLags, Power, Device, Steps, Server, Actions, Cluster];

    private static RecordTable Of(string file, string[] columns, bool isRounded = true) => new(
        Path.GetFileNameWithoutExtension(file).Replace('-', '_'),
        file,
        [.. columns.Select(RecordColumn.Of).Select(column => column with { IsRounded = isRounded && column.IsTime })]);
}
