using System.Globalization;

namespace GreenServe.Analysis.Advising;

/// <summary>A capacity plan in sentences, for the terminal and the page.</summary>
public static class CapacityText
{
    /// <summary>Share of the goodput from which on nothing counts as lost: two settings cannot be told apart more finely.</summary>
    private const double NoCostRatio = 0.99;

    /// <summary>The plan in sentences, the fleets first. What was not worked out is in <see cref="AdviceCapacity.Notes"/>.</summary>
    /// <param name="capacity">The plan.</param>
    public static IReadOnlyList<string> Sentences(AdviceCapacity capacity) =>
    [
        .. Fleets(capacity),
        .. Policies(capacity),
        .. Load(capacity),
        .. Budgets([.. capacity.PowerBudgets.Where(budget => budget.BudgetRatio < 1).OrderByDescending(budget => budget.BudgetRatio)]),
    ];

    private static IEnumerable<string> Fleets(AdviceCapacity capacity)
    {
        if (capacity.FewestGpus is not { } fewest)
        {
            yield return "No fleet that was looked at serves the workload within the SLO.";
            yield break;
        }

        yield return capacity.FewestJoules is not { } least ? $"The fewest GPUs that serve it: {Named(fewest)}."
            : least == fewest ? $"The fewest GPUs that serve it also need the least energy: {Named(fewest)}, {Joules(fewest)}."
            : fewest.JoulesPerOutputToken is not null && least.JoulesPerOutputToken is not null
                ? $"The fewest GPUs that serve it: {Named(fewest)}, {Change(fewest, least)} than the least-energy fleet of "
                    + $"{Named(least)}, {Joules(least)}."
            : $"The fewest GPUs that serve it: {Named(fewest)}. The fleet that needs the least energy: {Named(least)}.";
    }

    /// <summary>What the best policy saves over the best static fleet, and what one saves that knows the future.</summary>
    private static IEnumerable<string> Policies(AdviceCapacity capacity)
    {
        if (!capacity.Plans.Any(plan => plan.Policy is not null) || Least(capacity, plan => plan.Policy is null) is not { } fixedFleet)
        {
            yield break;
        }

        FleetPlan? real = Least(capacity, plan => plan is { Policy: not null, KnowsFuture: false });
        yield return real is null
            ? "No policy that can be run keeps the SLO with this fleet."
            : $"The policy {real.Policy} serves it for {Change(real, fixedFleet)} than the best fleet without a policy.";
        if (Least(capacity, plan => plan.KnowsFuture) is { } bound && bound == Least(capacity, _ => true))
        {
            yield return $"A bound that nobody can run: {bound.Policy} knows the requests before they arrive and needs "
                + $"{Change(bound, fixedFleet)}.";
        }
    }

    private static IEnumerable<string> Load(AdviceCapacity capacity)
    {
        if (capacity.HighestLoadFactor is { } factor)
        {
            string fleet = capacity.FleetGpus == 1
                ? "The present GPU"
                : string.Create(CultureInfo.InvariantCulture, $"The present fleet of {capacity.FleetGpus} GPUs");
            string load = capacity.IsLoadOfBusiestStretch ? "the load of the busiest stretch" : "this load";
            yield return capacity.LowestMissedLoadFactor is null
                ? $"{fleet} takes at least {Times(factor)} {load}, the highest that was tried."
                : $"{fleet} takes {Times(factor)} {load} within the SLO.";
        }
    }

    /// <summary>One sentence for all budgets that cost nothing, and one for each that does.</summary>
    private static IEnumerable<string> Budgets(IReadOnlyList<PowerBudgetEffect> budgets)
    {
        PowerBudgetEffect[] free = [.. budgets.TakeWhile(budget =>
            budget.GoodputRatio >= NoCostRatio && budget.GoodputAtCapacityRatio >= NoCostRatio)];
        if (free is [.., var smallest])
        {
            yield return $"A budget of {Named(smallest)} costs no goodput, neither at this load nor at capacity ({Settings(smallest)}).";
        }

        foreach (PowerBudgetEffect budget in budgets.Skip(free.Length))
        {
            yield return Budget(budget);
        }
    }

    private static string Budget(PowerBudgetEffect budget)
    {
        string name = $"A budget of {Named(budget)}";
        if (budget.Setting is null)
        {
            return $"{name} is too small for the SLO at any load that was tried.";
        }

        string now = Cost(budget.GoodputRatio);
        string later = Cost(budget.GoodputAtCapacityRatio);
        return now == later
            ? $"{name} costs {now} at this load and at capacity ({Settings(budget)})."
            : $"{name} costs {now} at this load and {later} at capacity ({Settings(budget)}).";
    }

    private static string Named(PowerBudgetEffect budget) =>
        $"{Percent(budget.BudgetRatio)} of full power ({Watts(budget.BudgetWatts)})";

    private static string? Settings(PowerBudgetEffect budget) => budget.SettingAtCapacity is { } other && other != budget.Setting
        ? $"{budget.Setting}; at capacity {other}"
        : budget.Setting;

    private static string Cost(double? ratio) => ratio switch
    {
        null => "an unknown share of goodput",
        >= NoCostRatio => "no goodput",
        { } share => $"{Percent(1 - share)} of goodput",
    };

    private static FleetPlan? Least(AdviceCapacity capacity, Func<FleetPlan, bool> isWanted) => capacity.Plans
        .Where(plan => plan.MeetsSlo && plan.JoulesPerOutputToken is not null && isWanted(plan))
        .MinBy(plan => plan.JoulesPerOutputToken);

    private static string Change(FleetPlan plan, FleetPlan from)
    {
        double ratio = plan.JoulesPerOutputToken!.Value / from.JoulesPerOutputToken!.Value;
        return ratio <= 1 ? $"{Percent(1 - ratio)} less energy" : $"{Percent(ratio - 1)} more energy";
    }

    private static string Named(FleetPlan plan) => string.Create(CultureInfo.InvariantCulture, $"{plan.Gpus} ({plan.Words})");

    private static string Joules(FleetPlan plan) => plan.JoulesPerOutputToken is { } joules
        ? string.Create(CultureInfo.InvariantCulture, $"{joules:0.###} J a token")
        : "its energy is not known";

    private static string Times(double factor) => string.Create(CultureInfo.InvariantCulture, $"{factor:0.0#} times");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static string Watts(double watts) => watts >= 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{watts / 1000:0.0} kW")
        : string.Create(CultureInfo.InvariantCulture, $"{watts:0} W");
}
