using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>
/// Finds, for each tensor parallelism and clock, the smallest number of instances that serves the workload within the SLO.
/// </summary>
/// <remarks>
/// A fleet that meets the SLO is taken to meet it with more instances, and to need no fewer instances at a lower clock. Of fleets that are
/// alike but for their number, the smallest is taken for the one with the least energy, since each further instance idles. Lower clocks are
/// given up where they need more than twice the instances of the next higher one.
/// </remarks>
/// <param name="whole">Simulates the whole workload.</param>
/// <param name="busiest">Simulates its busiest stretch, or the whole where that is short.</param>
/// <param name="clock">The clocks of the accelerator.</param>
/// <param name="options">What to choose from.</param>
/// <param name="account">Counts the work.</param>
internal sealed class StaticFleets(
    FleetTrials whole, FleetTrials busiest, ClockRange clock, CapacityOptions options, WorkAccount account)
{
    /// <summary>Fleets that are confirmed on a long workload: so many with the fewest accelerators, and with the least energy.</summary>
    private const int Confirmed = 2;

    private readonly List<string> notes = [];

    /// <summary>What was left out, and why.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>The fleets, each confirmed on the whole workload.</summary>
    /// <param name="recommended">The setting whose other knobs every fleet has. It is where the search begins.</param>
    internal IReadOnlyList<FleetPlan> Find(ServingSetting recommended)
    {
        List<ServingSetting> found = [];
        foreach (int degree in options.TensorParallelisms.Distinct().Order())
        {
            found.AddRange(FindAt(degree, recommended));
        }

        return whole == busiest ? [.. found.Select(PlanOf)] : Confirm(found);
    }

    /// <summary>The smallest fleet at each clock, from the highest clock down.</summary>
    private IEnumerable<ServingSetting> FindAt(int degree, ServingSetting recommended)
    {
        ServingSetting start = recommended with
        {
            Knobs = recommended.Knobs with { TensorParallelism = degree, GpuClockMegahertz = null },
            PrefillReplicas = 0,
        };
        int most = options.MaxGpus / start.GpusOfInstance;
        if ((most == 0 ? $"one instance has more than {options.MaxGpus} GPUs" : whole.ProblemOf(start)) is { } problem)
        {
            notes.Add($"TP {degree} was not tried: {problem}.");
            yield break;
        }

        int guess = Math.Max(1, recommended.Gpus / start.GpusOfInstance);
        int fewest = 1;
        foreach (double? megahertz in Clocks(recommended.Knobs.GpuClockMegahertz))
        {
            if (account.Spent is { } reason)
            {
                notes.Add($"TP {degree} at lower clocks was not tried: {reason}.");
                yield break;
            }

            ServingSetting at = start with { Knobs = start.Knobs with { GpuClockMegahertz = megahertz } };
            account.Show($"fleets of {SettingText.InWords(at with { Replicas = 1 })}");
            int? needed = Threshold.Lowest(guess, fewest, most, 1, count => busiest.Of(at with { Replicas = count }).MeetsSlo);
            if (needed is not { } replicas)
            {
                ServingSetting largest = at with { Replicas = most };
                notes.Add($"{SettingText.InWords(largest)} misses the SLO: {WhyNot(busiest.Of(largest))}. "
                    + "More instances and lower clocks were not tried.");
                yield break;
            }

            (guess, fewest, most) = (replicas, replicas, Math.Min(options.MaxGpus / start.GpusOfInstance, 2 * replicas));
            yield return at with { Replicas = replicas };
        }
    }

    /// <summary>The clocks, from the highest down; <c>null</c> for the highest.</summary>
    private IEnumerable<double?> Clocks(double? recommendedMegahertz) => options.ClockRatios
        .Select(ratio => clock.NearestMegahertz(ratio * clock.HighestMegahertz))
        .Append(recommendedMegahertz ?? clock.HighestMegahertz)
        .Distinct().OrderDescending()
        .Select(megahertz => megahertz == clock.HighestMegahertz ? null : (double?)megahertz);

    /// <summary>
    /// The most promising fleets of a long workload, with as many instances as the whole of it needs. On its busiest stretch a tail is that
    /// of the peak, whereas over the whole workload it may be within the SLO with fewer.
    /// </summary>
    private List<FleetPlan> Confirm(IReadOnlyList<ServingSetting> found)
    {
        ServingSetting[] promising =
        [
            .. found.OrderBy(setting => setting.Gpus).ThenBy(Joules).Take(Confirmed)
                .Union(found.OrderBy(Joules).ThenBy(setting => setting.Gpus).Take(Confirmed)),
        ];
        List<FleetPlan> plans = [];
        foreach (ServingSetting setting in promising)
        {
            account.Show($"{SettingText.InWords(setting)} on the whole workload");
            int most = options.MaxGpus / setting.GpusOfInstance;
            int? needed = Threshold.Lowest(
                setting.Replicas, 1, most, 1, count => whole.Of(setting with { Replicas = count }).MeetsSlo);
            plans.Add(PlanOf(setting with { Replicas = needed ?? most }));
        }

        if (promising.Length < found.Count)
        {
            notes.Add($"{found.Count - promising.Length} of {found.Count} kinds of fleets were simulated on the busiest stretch alone, "
                + "where they need more GPUs and more energy than those that were simulated on the whole workload.");
        }

        return plans;
    }

    private double Joules(ServingSetting setting) => busiest.Of(setting).JoulesPerOutputToken ?? double.PositiveInfinity;

    private FleetPlan PlanOf(ServingSetting setting) => FleetPlans.Of(setting, whole.Of(setting));

    private static string WhyNot(FleetOutcome outcome) => outcome.Reason
        ?? (outcome.WorstRatio is { } ratio
            ? FormattableString.Invariant($"the worst latency is {ratio:P0} of its limit") : "no latency could be tested");
}
