namespace GreenServe.Records.Tables;

/// <summary>A table that a run record may hold.</summary>
/// <param name="Name">Name in snake_case, for example <c>token_gaps</c>.</param>
/// <param name="File">Name of the CSV file. A Parquet file beside it may hold the same columns.</param>
/// <param name="Columns">The columns in the order in which they are written.</param>
public sealed record RecordTable(string Name, string File, IReadOnlyList<RecordColumn> Columns)
{
    /// <summary>Every table that a run record may hold.</summary>
    public static IReadOnlyList<RecordTable> All { get; } =
    [
        Of(RunFiles.Requests, RunFiles.RequestColumns),
        Of(RunFiles.Tokens, RunFiles.TokenColumns),
        Of(RunFiles.TokenGaps, RunFiles.TokenGapColumns),
        Of(RunFiles.ClientLags, RunFiles.ClientLagColumns),
        Of(RunFiles.Power, RunFiles.PowerColumns),
        Of(RunFiles.Device, RunFiles.DeviceColumns),
        Of(RunFiles.Steps, RunFiles.StepColumns),
        Of(RunFiles.Server, RunFiles.ServerColumns),
    ];

    private static RecordTable Of(string file, string[] columns) =>
        new(Path.GetFileNameWithoutExtension(file).Replace('-', '_'), file, [.. columns.Select(RecordColumn.Of)]);
}
