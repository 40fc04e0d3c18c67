using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Works out what budgets of power cost a fleet in goodput.</summary>
/// <remarks>
/// Within a budget lie a power cap on each accelerator, fewer instances with their caps, and a lower clock at which the highest power seen
/// stays within the budget. What fits into a budget fits into every larger one, so that goodput does not fall by more than 1 % as a budget
/// grows. Goodput is the rate of requests that are served while every limit of the SLO holds at its percentile. Without a budget it is that
/// of the best of all these settings: near its capacity a fleet keeps or misses an SLO by chance, and a cap that is never reached must not
/// look better than none.
/// </remarks>
/// <param name="trials">Simulates the workload at other loads.</param>
/// <param name="gpu">The accelerator.</param>
/// <param name="options">The budgets.</param>
/// <param name="account">Counts the work.</param>
internal sealed class PowerBudgets(FleetTrials trials, GpuDefinition gpu, CapacityOptions options, WorkAccount account)
{
    /// <summary>Settings that differ by no more in what they serve count as alike: the resolution of a load is coarser.</summary>
    private const double AlikeRatio = 0.01;

    private readonly LoadSearch loads = new(trials, account);
    private readonly List<string> notes = [];

    /// <summary>What was left out, and why.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>What each budget costs, by falling budget.</summary>
    /// <param name="recommended">The fleet.</param>
    internal IReadOnlyList<PowerBudgetEffect> Find(ServingSetting recommended)
    {
        double fullWatts = FullWatts(recommended);
        double[] ratios = [.. options.BudgetRatios.Distinct().OrderDescending()];
        List<ServedLoad> served = [];
        IEnumerable<ServingSetting> changed = ratios.SelectMany(ratio => Enforced(recommended, ratio)).Concat(Clocks(recommended));
        foreach (ServingSetting setting in changed.Prepend(recommended).Distinct())
        {
            if (account.Spent is { } reason)
            {
                notes.Add($"Some settings within the power budgets were not tried, so that a budget may cost less than stated: {reason}.");
                break;
            }

            served.AddRange(ServedBy(setting) is { } load ? [load] : []);
        }

        ServedLoad? bestNow = Best(served, load => load.Now, fullWatts);
        ServedLoad? bestAtMost = Best(served, load => load.AtMost, fullWatts);
        return [.. ratios.Select(ratio => EffectOf(ratio, fullWatts, served)).Select(effect => effect with
        {
            GoodputRatio = effect.GoodputRequestsPerSecond / bestNow?.Now.RequestsPerSecond,
            GoodputAtCapacityRatio = effect.GoodputAtCapacityRequestsPerSecond / bestAtMost?.AtMost.RequestsPerSecond,
        })];
    }

    private PowerBudgetEffect EffectOf(double ratio, double fullWatts, IReadOnlyList<ServedLoad> served)
    {
        double budgetWatts = ratio * fullWatts;
        ServedLoad? now = Best(served.Where(load => load.Fits(load.Now, budgetWatts)), load => load.Now, budgetWatts);
        ServedLoad? most = Best(served.Where(load => load.Fits(load.AtMost, budgetWatts)), load => load.AtMost, budgetWatts);
        return new PowerBudgetEffect
        {
            BudgetRatio = ratio,
            BudgetWatts = budgetWatts,
            Setting = now is null ? null : SettingText.InWords(now.Setting),
            GoodputRequestsPerSecond = now?.Now.RequestsPerSecond,
            MeanWatts = now?.Now.MeanWatts,
            SettingAtCapacity = most is null ? null : SettingText.InWords(most.Setting),
            HighestLoadFactor = most is null ? null : trials.FactorOf(most.Number),
            GoodputAtCapacityRequestsPerSecond = most?.AtMost.RequestsPerSecond,
        };
    }

    /// <summary>
    /// The setting that serves most. Of those that serve as much to 1 %, one whose caps enforce the budget goes before one that was only
    /// seen within it, then the one that carries most at its capacity, then the one with the least mean power.
    /// </summary>
    private static ServedLoad? Best(IEnumerable<ServedLoad> fitting, Func<ServedLoad, FleetOutcome> outcomeOf, double budgetWatts)
    {
        ServedLoad[] loads = [.. fitting];
        double most = loads.Select(load => outcomeOf(load).RequestsPerSecond ?? 0).DefaultIfEmpty().Max();
        return loads.Where(load => (outcomeOf(load).RequestsPerSecond ?? 0) >= most * (1 - AlikeRatio))
            .OrderByDescending(load => load.CapsWatts <= budgetWatts).ThenByDescending(load => load.Number)
            .ThenBy(load => outcomeOf(load).MeanWatts).FirstOrDefault();
    }

    /// <summary>Settings whose power caps together are within a budget, whatever comes.</summary>
    private IEnumerable<ServingSetting> Enforced(ServingSetting fleet, double ratio)
    {
        double watts = Math.Floor(ratio * CapWatts(fleet));
        if (ratio < 1 && watts >= gpu.PowerCap.LowestWatts)
        {
            yield return fleet with { Knobs = fleet.Knobs with { PowerCapWatts = watts } };
        }

        int replicas = (int)Math.Floor(ratio * fleet.Replicas);
        if (fleet.PrefillReplicas == 0 && replicas >= 1 && replicas < fleet.Replicas)
        {
            yield return fleet with { Replicas = replicas };
        }
    }

    private IEnumerable<ServingSetting> Clocks(ServingSetting fleet) => options.ClockRatios
        .Select(ratio => gpu.Clock.NearestMegahertz(ratio * gpu.Clock.HighestMegahertz))
        .Where(megahertz => megahertz < (fleet.Knobs.GpuClockMegahertz ?? gpu.Clock.HighestMegahertz))
        .Distinct().OrderDescending()
        .Select(megahertz => fleet with { Knobs = fleet.Knobs with { GpuClockMegahertz = megahertz } });

    /// <summary>
    /// What a setting serves at the workload's load, or at the highest load below it that it carries, and at the highest load that it
    /// carries; <c>null</c> where it carries none.
    /// </summary>
    private ServedLoad? ServedBy(ServingSetting setting)
    {
        if (loads.Find(setting).Number is not { } highest)
        {
            return null;
        }

        return new ServedLoad(
            setting, highest, trials.Of(setting, Math.Min(0, highest)), trials.Of(setting, highest), FullWatts(setting));
    }

    private double FullWatts(ServingSetting setting) => setting.Gpus * CapWatts(setting);

    private double CapWatts(ServingSetting setting) => setting.Knobs.PowerCapWatts ?? gpu.PowerCap.HighestWatts;

    /// <summary>What a setting serves.</summary>
    /// <param name="Setting">The setting.</param>
    /// <param name="Number">Number of the highest load that it carries.</param>
    /// <param name="Now">What it does at the workload's load, or at the highest lower one that it carries.</param>
    /// <param name="AtMost">What it does at the highest load that it carries.</param>
    /// <param name="CapsWatts">Power caps of its accelerators together (W).</param>
    private sealed record ServedLoad(ServingSetting Setting, int Number, FleetOutcome Now, FleetOutcome AtMost, double CapsWatts)
    {
        /// <summary>Whether the setting stays within a budget under a load: by its caps, or by the highest power that was seen.</summary>
        internal bool Fits(FleetOutcome outcome, double budgetWatts) =>
            CapsWatts <= budgetWatts || outcome.PeakWatts <= budgetWatts;
    }
}
