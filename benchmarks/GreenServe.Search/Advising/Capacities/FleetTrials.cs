using GreenServe.Analysis.Metrics;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Trials;
using GreenServe.Workloads;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Simulates fleets under loads on a grid of factors, each once, with the same requests for all.</summary>
/// <param name="trials">Simulates the workload itself, at factor 1.</param>
/// <param name="options">The resolution of the grid and the number of runs.</param>
/// <param name="account">Counts the work.</param>
internal sealed class FleetTrials(SettingTrials trials, CapacityOptions options, WorkAccount account)
{
    /// <summary>Runs that are the majority. Runs that do not differ by chance are decided by one.</summary>
    private readonly Lazy<int> majority = new(() => trials.HasSameRequestsForEverySeed ? 1 : (options.Repetitions / 2) + 1);

    private readonly Dictionary<int, SettingTrials> byLoad = new() { [0] = trials };
    private readonly Dictionary<(ServingSetting Setting, int Load), FleetOutcome> outcomes = [];

    /// <summary>The workload at factor 1.</summary>
    internal Workload Workload => trials.Workload;

    /// <summary>The highest load of the grid. The lowest is its negative.</summary>
    internal int MaxLoad => (int)Math.Floor(Math.Log(options.MaxLoadFactor) / Math.Log(1 + options.LoadResolutionRatio));

    /// <summary>The factor of a load of the grid: 1 for number 0.</summary>
    /// <param name="load">Number of the load.</param>
    internal double FactorOf(int load) => Math.Pow(1 + options.LoadResolutionRatio, load);

    /// <summary>Why a setting cannot exist or cannot hold a request, in words; <c>null</c> if it can. Nothing is simulated.</summary>
    internal string? ProblemOf(ServingSetting setting) => trials.Check(setting) is [var problem, ..] ? problem.ToString() : null;

    /// <summary>What a fleet does under a load.</summary>
    /// <param name="setting">The fleet.</param>
    /// <param name="load">Number of the load; 0 for that of the workload.</param>
    internal FleetOutcome Of(ServingSetting setting, int load = 0)
    {
        if (!outcomes.TryGetValue((setting, load), out FleetOutcome? outcome))
        {
            SettingTrials own = At(load);
            outcome = Decide(majority.Value, repetition =>
            {
                account.ThrowIfCancelled();
                RunMetrics metrics = own.Run(setting, repetition);
                account.Add(metrics);
                return metrics;
            });
            outcomes.Add((setting, load), outcome);
        }

        return outcome;
    }

    /// <summary>Runs repetitions until one verdict has the majority.</summary>
    /// <param name="majority">Number of runs that are the majority.</param>
    /// <param name="run">Simulates a repetition.</param>
    internal static FleetOutcome Decide(int majority, Func<int, RunMetrics> run)
    {
        List<RunMetrics> runs = [];
        while (runs.Count(FleetOutcome.Meets) < majority && runs.Count(metrics => !FleetOutcome.Meets(metrics)) < majority)
        {
            runs.Add(run(runs.Count));
        }

        return FleetOutcome.Of(runs, majority);
    }

    private SettingTrials At(int load)
    {
        if (!byLoad.TryGetValue(load, out SettingTrials? found))
        {
            found = new SettingTrials(LoadScale.Of(trials.Workload, FactorOf(load)));
            byLoad.Add(load, found);
        }

        return found;
    }
}
