namespace GreenServe.Search.Advising.Findings;

/// <summary>Settings that were measured, and what must be known of the records that they come from.</summary>
public sealed record MeasuredSettings
{
    /// <summary>No records.</summary>
    public static MeasuredSettings None { get; } = new();

    /// <summary>
    /// The settings with their runs. Runs of one setting that were measured and runs whose energy was estimated stand apart.
    /// </summary>
    public IReadOnlyList<SettingRuns> Settings { get; init; } = [];

    /// <summary>What must be known of the records, each in a sentence: how many were not used, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
