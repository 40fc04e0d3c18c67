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
        if (ratios.Length == 0)
        {
            return [];
        }

        List<ServedLoad> served = [];
        Add(served, [recommended, .. ratios.SelectMany(ratio => CapWithin(recommended, ratio))]);
        notes.Add("Power caps and a smaller number of instances hold a budget whatever comes. A lower clock holds it only as far as was "
            + "seen: its highest mean power over a second, or over a step of a single instance, stayed within.");
        if (served.Count > 0)
        {
            Add(served, [.. ratios.SelectMany(ratio => FewerWithin(recommended, ratio, served, fullWatts)).Distinct()]);
            Add(served, IsFreeThroughout(served, ratios[^1] * fullWatts) ? [] : [.. Clocks(recommended)]);
        }

        return [.. ratios.Select(ratio => EffectOf(ratio, ratio * fullWatts, served))];
    }

    private PowerBudgetEffect EffectOf(double ratio, double budgetWatts, IReadOnlyList<ServedLoad> served)
    {
        ServedLoad? now = Best(served.Where(load => load.Fits(load.Now, budgetWatts)), load => load.Now, budgetWatts);
        ServedLoad? most = Best(served.Where(load => load.Fits(load.AtMost, budgetWatts)), load => load.AtMost, budgetWatts);
        return new PowerBudgetEffect
        {
            BudgetRatio = ratio,
            BudgetWatts = budgetWatts,
            Setting = now is null ? null : SettingText.InWords(now.Setting),
            GoodputRequestsPerSecond = now?.Now.RequestsPerSecond,
            GoodputRatio = RatioOf(now?.Now, served.Select(load => load.Now)),
            MeanWatts = now?.Now.MeanWatts,
            SettingAtCapacity = most is null ? null : SettingText.InWords(most.Setting),
            HighestLoadFactor = most is null ? null : trials.FactorOf(most.Number),
            GoodputAtCapacityRequestsPerSecond = most?.AtMost.RequestsPerSecond,
            GoodputAtCapacityRatio = RatioOf(most?.AtMost, served.Select(load => load.AtMost)),
        };
    }

    /// <summary>What is served over the most that is, which any setting that serves as much to 1 % is taken for.</summary>
    private static double? RatioOf(FleetOutcome? outcome, IEnumerable<FleetOutcome> all) =>
        outcome?.RequestsPerSecond / all.Max(each => each.RequestsPerSecond) is { } ratio
            ? ratio >= 1 - AlikeRatio ? 1 : ratio
            : null;

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

    /// <summary>Adds what settings serve, where they serve anything within the SLO.</summary>
    private void Add(List<ServedLoad> served, IReadOnlyList<ServingSetting> settings)
    {
        foreach (ServingSetting setting in settings)
        {
            if (account.Spent(1) is { } reason)
            {
                notes.Add($"Some settings within the power budgets were not tried, so that a budget may cost less than stated: {reason}.");
                return;
            }

            served.AddRange(ServedBy(setting) is { } load ? [load] : []);
        }
    }

    /// <summary>The fleet with a power cap on each accelerator that keeps it within a budget, if the accelerator accepts it.</summary>
    private IEnumerable<ServingSetting> CapWithin(ServingSetting fleet, double ratio)
    {
        double watts = Math.Floor(ratio * CapWatts(fleet));
        if (ratio < 1 && watts >= gpu.PowerCap.LowestWatts)
        {
            yield return fleet with { Knobs = fleet.Knobs with { PowerCapWatts = watts } };
        }
    }

    /// <summary>
    /// The fleet with fewer instances, where these could carry more than a power cap within the same budget. They carry at most their share
    /// of what all carry, since a load spreads more evenly over more instances.
    /// </summary>
    private IEnumerable<ServingSetting> FewerWithin(
        ServingSetting fleet, double ratio, IReadOnlyList<ServedLoad> served, double fullWatts)
    {
        int replicas = (int)Math.Floor(ratio * fleet.Replicas);
        double share = served.Max(load => trials.FactorOf(load.Number)) * replicas / fleet.Replicas;
        bool isSurpassed = served.Any(load => load.CapsWatts <= ratio * fullWatts && trials.FactorOf(load.Number) >= share);
        if (fleet.PrefillReplicas == 0 && replicas >= 1 && replicas < fleet.Replicas && !isSurpassed)
        {
            yield return fleet with { Replicas = replicas };
        }
    }

    /// <summary>Whether even the smallest budget costs nothing.</summary>
    private static bool IsFreeThroughout(IReadOnlyList<ServedLoad> served, double smallestWatts) =>
        served.Any(load => load.CapsWatts <= smallestWatts && load.Number == served.Max(other => other.Number));

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
