using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Finds the highest load that a fleet carries within the SLO.</summary>
/// <remarks>
/// Near its capacity a fleet keeps or misses an SLO by chance. Every search therefore tries the same loads in the same order, so that two
/// fleets that serve alike get the same answer.
/// </remarks>
/// <param name="trials">Simulates the workload at other loads.</param>
/// <param name="account">Counts the work.</param>
internal sealed class LoadSearch(FleetTrials trials, WorkAccount account)
{
    /// <summary>Runs of a search, roughly: some eight loads with two or three seeds.</summary>
    internal const int MaxTrials = 20;

    /// <summary>
    /// Distance between the loads that are tried until one is missed, in numbers of loads: half as much again with the default resolution.
    /// Far above its capacity a fleet takes long to simulate.
    /// </summary>
    private const int Step = 8;

    /// <summary>Finds the highest load.</summary>
    /// <param name="setting">The fleet.</param>
    internal LoadLimit Find(ServingSetting setting)
    {
        account.Show($"the highest load of {SettingText.InWords(setting)}");
        int most = trials.MaxLoad;
        int? highest = Threshold.Highest(0, -most, most, Step, load => trials.Of(setting, load).MeetsSlo);
        int? missed = highest is { } load ? load + 1 : -most;
        return new LoadLimit(
            highest,
            highest is { } number ? trials.FactorOf(number) : null,
            missed <= most ? trials.FactorOf(missed.Value) : null);
    }
}

/// <summary>The highest load of a fleet.</summary>
/// <param name="Number">Number of the load; <c>null</c> where the fleet misses the SLO at the lowest.</param>
/// <param name="HighestFactor">Its factor; <c>null</c> where the fleet misses the SLO at the lowest.</param>
/// <param name="LowestMissedFactor">The next higher factor, at which the SLO is missed; <c>null</c> where the highest tried is met.</param>
internal sealed record LoadLimit(int? Number, double? HighestFactor, double? LowestMissedFactor);
