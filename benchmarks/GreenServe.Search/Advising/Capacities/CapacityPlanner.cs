using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>
/// Plans capacity: the fewest accelerators and the fewest joules that serve a workload within its SLO, the highest load that the
/// recommended fleet carries, and what a power budget costs in goodput. All of it is simulated.
/// </summary>
/// <param name="trials">Simulates the workload, which has an SLO.</param>
/// <param name="options">How far to look.</param>
public sealed class CapacityPlanner(SettingTrials trials, CapacityOptions options)
{
    /// <summary>Makes the plan.</summary>
    /// <param name="recommended">The setting of the present fleet. The knobs that a plan does not change are its own.</param>
    /// <param name="cancellationToken">Stops the plan.</param>
    /// <exception cref="InvalidInputException">
    /// The workload has no SLO, an option is out of range, or the setting cannot serve the workload. The exception lists every problem.
    /// </exception>
    public AdviceCapacity Plan(ServingSetting recommended, CancellationToken cancellationToken = default)
    {
        Problem[] problems = [.. CheckSlo(), .. options.Check(), .. trials.Check(recommended)];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        WorkAccount account = new(options, cancellationToken);
        FleetTrials whole = new(trials, options, account);
        SettingTrials stretch = BusiestOf();
        bool isLong = stretch != trials;
        FleetTrials busiest = isLong ? new FleetTrials(stretch, options, account) : whole;
        FleetTrials guesses = isLong ? new FleetTrials(stretch, options with { Repetitions = 1 }, account) : whole;
        List<string> notes = [];
        if (isLong)
        {
            notes.Add("The workload is long: fleets were searched for around what its busiest stretch needs, and simulated on the whole. "
                + "Power budgets are judged on the busiest stretch.");
        }

        GpuDefinition gpu = trials.SystemOf(recommended).Gpu;
        StaticFleets fleets = new(whole, guesses, gpu.Clock, options, account);
        IReadOnlyList<FleetPlan> plans = fleets.Find(recommended);
        PolicyFleets policies = new(trials, options, account);
        plans = [.. plans, .. LeastOf(plans) is { } least ? policies.Find(least.Setting) : []];

        // The search of the load may use half of the requests that may be simulated.
        bool isLoadOfStretch = isLong && trials.ScheduleOf().Requests.Count > options.MaxSimulatedRequests / LoadSearch.MaxTrials / 2;
        LoadLimit limit = new LoadSearch(isLoadOfStretch ? busiest : whole, account).Find(recommended);
        PowerBudgets budgets = new(busiest, gpu, options, account);
        IReadOnlyList<PowerBudgetEffect> effects = budgets.Find(recommended);

        notes.Add(LoadScale.Meaning(trials.Workload));
        notes.AddRange([.. fleets.Notes, .. SplitNotes(recommended), .. budgets.Notes, .. policies.Notes]);
        return new AdviceCapacity
        {
            FewestGpus = plans.Where(plan => plan is { MeetsSlo: true, Policy: null })
                .OrderBy(plan => plan.Gpus).ThenBy(JoulesOf).FirstOrDefault(),
            FewestJoules = LeastOf(plans),
            FleetGpus = recommended.Gpus,
            Plans = [.. plans.OrderBy(plan => plan.Gpus).ThenBy(JoulesOf)],
            HighestLoadFactor = limit.HighestFactor,
            IsLoadOfBusiestStretch = isLoadOfStretch,
            LowestMissedLoadFactor = limit.LowestMissedFactor,
            PowerBudgets = effects,
            Simulations = account.Simulations,
            SimulatedRequests = account.Requests,
            Notes = notes,
        };
    }

    /// <summary>The plan with the least energy of those that meet the SLO and can be run; <c>null</c> where there is none.</summary>
    private static FleetPlan? LeastOf(IReadOnlyList<FleetPlan> plans) => plans
        .Where(plan => plan is { MeetsSlo: true, KnowsFuture: false, JoulesPerOutputToken: not null })
        .OrderBy(JoulesOf).ThenBy(plan => plan.Gpus).FirstOrDefault();

    private static IEnumerable<string> SplitNotes(ServingSetting recommended)
    {
        if (recommended.PrefillReplicas > 0)
        {
            yield return "Fleets that split prefill and decode were not searched for: every fleet serves whole requests.";
        }
    }

    private static double JoulesOf(FleetPlan plan) => plan.JoulesPerOutputToken ?? double.PositiveInfinity;

    private IEnumerable<Problem> CheckSlo()
    {
        if (trials.Workload.Slo is null)
        {
            yield return new Problem("$.slo", null, "an SLO: without limits on latency any fleet carries any load");
        }
    }

    private SettingTrials BusiestOf()
    {
        RequestSchedule schedule = trials.ScheduleOf();
        if (schedule.Requests.Count <= options.LongRequests)
        {
            return trials;
        }

        Workload stretch = BusiestStretch.Of(trials.Workload, schedule, options.LongRequests / 3);
        return stretch == trials.Workload ? trials : new SettingTrials(stretch);
    }
}
