using GreenServe.Analysis.Metrics;
using GreenServe.Records.Systems;

namespace GreenServe.Search.Advising.Searching;

/// <summary>One simulation of a setting.</summary>
/// <param name="Number">Number of the setting in its grid.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Repetition">Number of the repetition, from 0.</param>
/// <param name="Requests">Requests of the schedule that were simulated.</param>
/// <param name="IsFull">Whether these are all of them.</param>
/// <param name="Score">What the search asks of the run.</param>
/// <param name="Metrics">The metrics of the run.</param>
public sealed record SettingTrial(
    long Number, ServingSetting Setting, int Repetition, int Requests, bool IsFull, SettingScore Score, RunMetrics Metrics);

/// <summary>A setting that was simulated at full length with several seeds.</summary>
/// <param name="Number">Number of the setting in its grid.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Repetitions">The simulation of each repetition, in order.</param>
public sealed record SettingFinalist(long Number, ServingSetting Setting, IReadOnlyList<SettingTrial> Repetitions)
{
    /// <summary>
    /// Means over the repetitions of the objective and of the largest latency over its limit; infinite where a repetition does not tell it.
    /// </summary>
    public SettingScore MeanScore => new(
        Repetitions.Average(trial => trial.Score.Objective), Repetitions.Average(trial => trial.Score.WorstRatio));
}

/// <summary>How far a search is.</summary>
/// <param name="Simulations">Simulations that have ended.</param>
/// <param name="PlannedSimulations">Simulations that the search may use altogether, at most.</param>
/// <param name="Trial">The simulation that has just ended.</param>
/// <param name="Best">The best simulation of full length so far; of any length where none is full.</param>
public sealed record SettingSearchProgress(int Simulations, int PlannedSimulations, SettingTrial Trial, SettingTrial Best);
