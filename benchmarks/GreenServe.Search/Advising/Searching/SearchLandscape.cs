using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Search.Advising.Searching;

/// <summary>What a search walks over.</summary>
internal sealed record SearchLandscape
{
    /// <summary>The grid.</summary>
    internal required SettingSpace Space { get; init; }

    /// <summary>Numbers of the settings that can exist, in rising order; at least one.</summary>
    internal required IReadOnlyList<long> Possible { get; init; }

    /// <summary>Numbers of requests of a simulation in rising order. The last one is the full length.</summary>
    internal required IReadOnlyList<int> Rungs { get; init; }

    /// <summary>Simulates a setting: its number, the repetition, and the number of requests. Thread-safe.</summary>
    internal required Func<long, int, int, SettingTrial> Run { get; init; }

    /// <summary>Estimates the score of a setting without a simulation. Thread-safe.</summary>
    internal required Func<long, SettingScore> Estimate { get; init; }

    /// <summary>
    /// Number of the kind of a setting: settings of one kind have the same accelerators, instances and number format. The estimate compares
    /// them well; between kinds it may be further off.
    /// </summary>
    internal required Func<long, long> Kind { get; init; }

    /// <summary>Number of knobs of a setting that someone has to set. Of settings with equal scores the simplest is kept.</summary>
    internal required Func<long, int> Complexity { get; init; }
}
