namespace GreenServe.Search.Advising.Findings;

/// <summary>Settings that were measured, and the records that were not used.</summary>
public sealed record MeasuredSettings
{
    /// <summary>No records.</summary>
    public static MeasuredSettings None { get; } = new();

    /// <summary>The settings with their runs; each setting has runs of one evidence kind.</summary>
    public IReadOnlyList<SettingRuns> Settings { get; init; } = [];

    /// <summary>Reasons for which records were not used, each with the number of records.</summary>
    public IReadOnlyList<string> NotUsed { get; init; } = [];
}
