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
/// given up where they need more than twice the instances of the next higher one, and where they need 5 % more energy.
/// </remarks>
/// <param name="whole">Simulates the whole workload.</param>
/// <param name="busiest">Simulates its busiest stretch, or the whole where that is short; a guess is enough of it.</param>
/// <param name="clock">The clocks of the accelerator.</param>
/// <param name="options">What to choose from.</param>
/// <param name="account">Counts the work.</param>
internal sealed class StaticFleets(
    FleetTrials whole, FleetTrials busiest, ClockRange clock, CapacityOptions options, WorkAccount account)
{
    /// <summary>Share of all requests that may be simulated until the last fleet.</summary>
    private const double ShareOfRequests = 0.5;

    /// <summary>Energy over that at the next higher clock from which on lower clocks are not tried.</summary>
    private const double RisingRatio = 1.05;

    private readonly List<string> notes = [];

    /// <summary>What was left out, and why.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>The fleets, each simulated on the whole workload.</summary>
    /// <param name="recommended">The setting whose other knobs every fleet has. It is where the search begins.</param>
    internal IReadOnlyList<FleetPlan> Find(ServingSetting recommended)
    {
        List<ServingSetting> found = [];
        foreach (int degree in options.TensorParallelisms.Distinct().Order())
        {
            found.AddRange(FindAt(degree, recommended, recommended.Gpus, busiest));
        }

        found = whole == busiest ? found : [.. Promising(found).SelectMany(fleet => FindAt(
            fleet.Knobs.TensorParallelism ?? 1, recommended, fleet.Gpus, whole))];
        return [.. found.Select(setting => FleetPlans.Of(setting, whole.Of(setting)))];
    }

    /// <summary>
    /// The fleets of a long workload whose tensor parallelism is looked at on the whole of it: that of the fewest accelerators on the
    /// busiest stretch, and that of the least energy.
    /// </summary>
    private IEnumerable<ServingSetting> Promising(IReadOnlyList<ServingSetting> found)
    {
        ServingSetting[] promising =
        [
            .. found.OrderBy(setting => setting.Gpus).ThenBy(setting => JoulesOn(busiest, setting)).Take(1),
            .. found.OrderBy(setting => JoulesOn(busiest, setting)).ThenBy(setting => setting.Gpus).Take(1),
        ];
        int[] others = [.. found.Select(setting => setting.Knobs.TensorParallelism ?? 1)
            .Except(promising.Select(setting => setting.Knobs.TensorParallelism ?? 1))];
        if (others.Length > 0)
        {
            notes.Add($"The busiest stretch alone was simulated with TP {string.Join(" and TP ", others)}, which needs more GPUs and more "
                + "energy there.");
        }

        return promising.DistinctBy(setting => setting.Knobs.TensorParallelism);
    }

    /// <summary>The smallest fleet at each clock, from the highest clock down.</summary>
    private IEnumerable<ServingSetting> FindAt(int degree, ServingSetting recommended, int guessedGpus, FleetTrials trials)
    {
        ServingSetting start = recommended with
        {
            Knobs = recommended.Knobs with { TensorParallelism = degree, GpuClockMegahertz = null },
            PrefillReplicas = 0,
        };
        int most = options.MaxGpus / start.GpusOfInstance;
        if ((most == 0 ? $"one instance has more than {options.MaxGpus} GPUs" : trials.ProblemOf(start)) is { } problem)
        {
            notes.Add($"TP {degree} was not tried: {problem}.");
            yield break;
        }

        int guess = Math.Max(1, guessedGpus / start.GpusOfInstance);
        int fewest = 1;
        double higherClock = double.PositiveInfinity;
        foreach (double? megahertz in Clocks(recommended.Knobs.GpuClockMegahertz))
        {
            ServingSetting at = start with { Knobs = start.Knobs with { GpuClockMegahertz = megahertz } };
            if (account.Spent(ShareOfRequests) is { } reason)
            {
                notes.Add($"{SettingText.InWords(at with { Replicas = 1 })} and lower clocks were not tried: {reason}.");
                yield break;
            }

            account.Show($"fleets of {SettingText.InWords(at with { Replicas = 1 })}");
            if (Threshold.Lowest(guess, fewest, most, 1, count => trials.Of(at with { Replicas = count }).MeetsSlo) is not { } replicas)
            {
                notes.Add(Refusal(at with { Replicas = most }, trials));
                yield break;
            }

            ServingSetting found = at with { Replicas = replicas };
            yield return found;
            double joules = JoulesOn(trials, found);
            if (joules > RisingRatio * higherClock)
            {
                yield break;
            }

            (guess, fewest, most, higherClock) = (replicas, replicas, Math.Min(most, 2 * replicas), joules);
        }
    }

    private static string Refusal(ServingSetting largest, FleetTrials trials) =>
        $"{SettingText.InWords(largest)} misses the SLO: {WhyNot(trials.Of(largest))}. More instances and lower clocks were not tried.";

    /// <summary>The clocks, from the highest down; <c>null</c> for the highest.</summary>
    private IEnumerable<double?> Clocks(double? recommendedMegahertz) => options.ClockRatios
        .Select(ratio => clock.NearestMegahertz(ratio * clock.HighestMegahertz))
        .Append(recommendedMegahertz ?? clock.HighestMegahertz)
        .Distinct().OrderDescending()
        .Select(megahertz => megahertz == clock.HighestMegahertz ? null : (double?)megahertz);

    private static double JoulesOn(FleetTrials trials, ServingSetting setting) =>
        trials.Of(setting).JoulesPerOutputToken ?? double.PositiveInfinity;

    private static string WhyNot(FleetOutcome outcome) => outcome.Reason
        ?? (outcome.WorstRatio is { } ratio
            ? FormattableString.Invariant($"the worst latency is {ratio:P0} of its limit") : "no latency could be tested");
}
