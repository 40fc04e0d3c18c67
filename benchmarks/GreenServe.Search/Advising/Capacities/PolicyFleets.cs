using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Search.Advising.Capacities;

/// <summary>Simulates the fleet that a static setting needs for its peak under control policies.</summary>
/// <remarks>
/// A policy switches whole servers on and off, and pays for the start of each. Every accelerator of a server that is on counts.
/// </remarks>
/// <param name="trials">Makes systems, and states the workload.</param>
/// <param name="options">The policies and the size of a server.</param>
/// <param name="account">Counts the work.</param>
internal sealed class PolicyFleets(SettingTrials trials, CapacityOptions options, WorkAccount account)
{
    /// <summary>Share of all requests that may be simulated until the last policy.</summary>
    private const double ShareOfRequests = 0.75;

    private readonly VirtualRuns runs = new();
    private readonly List<string> notes = [];

    /// <summary>What was left out, and why.</summary>
    internal IReadOnlyList<string> Notes => notes;

    /// <summary>The fleet under each policy that can control it.</summary>
    /// <param name="fleet">The static fleet, which serves the peak.</param>
    internal IReadOnlyList<FleetPlan> Find(ServingSetting fleet)
    {
        if (!LoadScale.Varies(trials.Workload))
        {
            notes.Add("The load does not change but by chance, so that a policy has nothing to follow: none was simulated.");
            return [];
        }

        ClusterDefinition cluster = ClusterOf(fleet);
        ServingSetting whole = fleet.PrefillReplicas > 0
            ? fleet
            : fleet with { Replicas = cluster.Replicas.Sum(server => server.Instances.Count()) };
        int gpus = cluster.Replicas[0].System.GpuCount;
        notes.Add($"Each policy was simulated with one seed on servers of {gpus} GPUs: {cluster.Replicas.Count} of them.");
        List<FleetPlan> plans = [];
        foreach (string name in options.Policies)
        {
            if (account.Spent(ShareOfRequests) is { } reason)
            {
                notes.Add($"The policy {name} was not simulated: {reason}.");
            }
            else if (runs.CheckPolicy(PointOf(whole, name), cluster) is [var problem, ..])
            {
                notes.Add($"The policy {name} cannot control this fleet: {problem}.");
            }
            else
            {
                account.Show($"{SettingText.InWords(whole)} under the policy {name}");
                plans.Add(BestOf(whole, name));
            }
        }

        return plans;
    }

    /// <summary>
    /// The servers of a fleet: as many whole ones as its instances fill, the last one filled up with further instances. A fleet smaller
    /// than a server, and one whose instances are larger or split prefill and decode, has servers as large as it needs.
    /// </summary>
    internal ClusterDefinition ClusterOf(ServingSetting fleet)
    {
        if (fleet.PrefillReplicas > 0)
        {
            return trials.ClusterOf(fleet)!;
        }

        int size = fleet.GpusOfInstance;
        int perServer = Math.Clamp(options.ServerGpus / size, 1, fleet.Replicas);
        int servers = ((fleet.Replicas - 1) / perServer) + 1;
        SimulatedSystem system = trials.SystemOf(fleet) with { GpuCount = perServer * size };
        ClusterReplica server = new()
        {
            System = system,
            Partition = perServer == 1 ? [] : [.. Enumerable.Repeat(system.TensorParallelism, perServer)],
        };
        return new ClusterDefinition { Replicas = [.. Enumerable.Repeat(server, servers)] };
    }

    /// <summary>
    /// The fleet under a policy. One that sets clocks takes the cluster's clock for the highest: it is tried with the highest clock of the
    /// accelerator too.
    /// </summary>
    private FleetPlan BestOf(ServingSetting fleet, string policy)
    {
        (FleetPlan plan, bool setsClocks) = PlanOf(fleet, policy);
        if (!setsClocks || fleet.Knobs.GpuClockMegahertz is null)
        {
            return plan;
        }

        FleetPlan free = PlanOf(fleet with { Knobs = fleet.Knobs with { GpuClockMegahertz = null } }, policy).Plan;
        return new[] { plan, free }.OrderByDescending(each => each.MeetsSlo).ThenBy(each => each.JoulesPerOutputToken).First();
    }

    private (FleetPlan Plan, bool SetsClocks) PlanOf(ServingSetting fleet, string policy)
    {
        ClusterDefinition cluster = ClusterOf(fleet);
        FleetOutcome outcome = FleetTrials.Decide(1, repetition =>
        {
            account.ThrowIfCancelled();
            RunMetrics metrics = RunMetrics.Of(runs.Run(PointOf(fleet, policy, repetition), cluster));
            account.Add(metrics);
            return metrics;
        });
        bool setsClocks = outcome.Policy?.ChangedKnobs?.ContainsKey(KnobNames.GpuClock) == true;
        return (FleetPlans.Under(fleet, policy, outcome), setsClocks);
    }

    private OperatingPoint PointOf(ServingSetting fleet, string policy, int repetition = 0)
    {
        OperatingPoint point = SettingTrials.PointOf(fleet, trials.Workload, repetition);
        return point with { System = point.System with { Policy = policy } };
    }
}
