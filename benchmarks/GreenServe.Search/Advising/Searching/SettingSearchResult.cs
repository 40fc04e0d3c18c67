using GreenServe.Analysis.Advising;
using GreenServe.Search.Advising.Spaces;

namespace GreenServe.Search.Advising.Searching;

/// <summary>What a search found.</summary>
public sealed record SettingSearchResult
{
    /// <summary>The grid.</summary>
    public required SettingSpace Space { get; init; }

    /// <summary>Settings of the grid that can exist.</summary>
    public required long Possible { get; init; }

    /// <summary>Why the others cannot exist.</summary>
    public required IReadOnlyList<RefusedSettings> Refused { get; init; }

    /// <summary>Every simulation, in the order of the search, those of the finalists' repetitions included.</summary>
    public required IReadOnlyList<SettingTrial> Trials { get; init; }

    /// <summary>
    /// The settings that were simulated with several seeds, the best first: those within the SLO by rising mean objective, then those
    /// outside by how much they miss.
    /// </summary>
    public required IReadOnlyList<SettingFinalist> Finalists { get; init; }

    /// <summary>Requests of all simulations.</summary>
    public required long SimulatedRequests { get; init; }

    /// <summary>Time of the search (s).</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether every possible setting was simulated at full length.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Whether the search was stopped before its end.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>Number of the repetition that settings were searched with.</summary>
    public required int FirstRepetition { get; init; }

    /// <summary>The simulations that settings were searched with at full length, one for each setting that has one.</summary>
    public IEnumerable<SettingTrial> FullTrials => Trials.Where(trial => trial.IsFull && trial.Repetition == FirstRepetition);

    /// <summary>What was searched, for the document of an advice.</summary>
    public AdviceSearch Summary => new()
    {
        Axes = [.. Space.Axes.Select(axis => new SearchedAxis(axis.Name, [.. axis.Values.Select(value => value.Words)]))],
        Settings = Space.Count,
        Possible = Possible,
        Simulated = Trials.Select(trial => trial.Number).Distinct().LongCount(),
        Simulations = Trials.Count,
        SimulatedRequests = SimulatedRequests,
        Seconds = Seconds,
        IsExact = IsExact,
        Refused = Refused,
    };
}
