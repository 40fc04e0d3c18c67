using GreenServe.Records.Runs;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;

namespace GreenServe.Running;

/// <summary>Makes the counters of a record from the totals of a simulated cluster.</summary>
internal static class ClusterCounters
{
    /// <summary>Share of a cluster's energy that its sites may lack by rounding.</summary>
    private const double RoundingRatio = 1e-9;

    /// <summary>The counters, by name. What a run does not have is left out.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="summary">The totals of the run.</param>
    /// <param name="gpuOnSeconds">
    /// Time of accelerators that were not switched off, in seconds; <c>null</c> where it was not counted.
    /// </param>
    /// <param name="isControlled">Whether a policy controlled the cluster.</param>
    internal static IReadOnlyDictionary<string, double> Of(
        ClusterDefinition cluster, ClusterSummary summary, double? gpuOnSeconds, bool isControlled)
    {
        SortedDictionary<string, double> known = new(StringComparer.Ordinal);
        IEnumerable<(RunCounter Counter, double? Value)> control = isControlled ? OfControl(summary) : [];
        IEnumerable<(RunCounter Counter, double? Value)> monitor = summary.Monitor is { } read ? OfMonitor(read) : [];
        foreach ((RunCounter counter, double? value) in OfRun(cluster, summary, gpuOnSeconds).Concat(control).Concat(monitor))
        {
            if (value is { } number)
            {
                known[counter.Name] = number;
            }
        }

        return known;
    }

    private static IEnumerable<(RunCounter Counter, double? Value)> OfRun(
        ClusterDefinition cluster, ClusterSummary summary, double? gpuOnSeconds) =>
    [
        (RunCounter.Replicas, cluster.Replicas.Count),
        (RunCounter.Steps, summary.Steps),
        (RunCounter.Preemptions, summary.Preemptions),
        (RunCounter.TotalJoules, summary.TotalJoules),
        (RunCounter.IdleJoules, summary.IdleJoules),
        (RunCounter.UnusedJoules, summary.UnusedJoules),
        (RunCounter.TotalLowJoules, summary.LowJoules == summary.TotalJoules ? null : summary.LowJoules),
        (RunCounter.TotalHighJoules, summary.HighJoules == summary.TotalJoules ? null : summary.HighJoules),
        (ClusterCounter.TransitionJoules, summary.TransitionJoules == 0 ? null : summary.TransitionJoules),
        (ClusterCounter.SleepJoules, summary.SleepJoules == 0 ? null : summary.SleepJoules),
        (ClusterCounter.GpuOnSeconds, gpuOnSeconds),
        (ClusterCounter.MeanQualityRatio, summary.MeanQualityRatio),
    ];

    private static IEnumerable<(RunCounter Counter, double? Value)> OfControl(ClusterSummary summary)
    {
        int accepted = summary.Actions.Count(action => action.Refusal is null);
        return
        [
            (ClusterCounter.Actions, accepted),
            (ClusterCounter.ActionsRefused, summary.Actions.Count - accepted),
            (ClusterCounter.RequestsRejected, summary.RejectedRequests),
            (ClusterCounter.RequestsDeferred, DeferredRequests(summary)),
        ];
    }

    /// <summary>Number of requests that were deferred at least once.</summary>
    private static int DeferredRequests(ClusterSummary summary) => summary.Actions
        .Where(action => action is { Kind: ActionKind.Defer, Refusal: null }).Select(action => action.Setting).Distinct().Count();

    private static IEnumerable<(RunCounter Counter, double? Value)> OfMonitor(MonitorSummary monitor)
    {
        OverBudget[] over = [.. monitor.Rows.Select(row => row.OverBudget).OfType<OverBudget>()];
        bool hasBudgets = over.Length > 0;

        // Emissions and cost of a part of the cluster would pass for those of all of it.
        double joules = monitor.Cluster.GpuJoules + (monitor.Cluster.HostJoules ?? 0);
        bool isOnGrids = monitor.Sites.Sum(site => site.Joules) >= (1 - RoundingRatio) * joules;
        return
        [
            (ClusterCounter.HostJoules, monitor.Cluster.HostJoules),
            (ClusterCounter.OneSecondPeakWatts, monitor.Cluster.PeakWatts),
            (ClusterCounter.OneSecondP99Watts, monitor.Cluster.P99Watts),
            (ClusterCounter.RowPeakRatio, monitor.Rows.Max(row => row.PeakBudgetRatio)),
            (ClusterCounter.RowOverBudgetSeconds, hasBudgets ? over.Sum(row => row.Seconds) : null),
            (ClusterCounter.RowOverBudgetTimes, hasBudgets ? over.Sum(row => row.Times) : null),
            (ClusterCounter.GpuPeakCelsius, monitor.Thermal?.MaxGpuCelsius),
            (ClusterCounter.InletPeakCelsius, monitor.Thermal?.MaxInletCelsius),
            (ClusterCounter.TooHotSeconds, monitor.Thermal?.ThrottledSeconds),
            (ClusterCounter.TooHotTimes, monitor.Thermal?.ThrottledTimes),
            (ClusterCounter.Co2eGrams, isOnGrids ? SumOrNone(monitor.Sites.Select(site => site.CarbonGrams)) : null),
            (ClusterCounter.EnergyCost, isOnGrids ? SumOrNone(monitor.Sites.Select(site => site.Cost)) : null),
        ];
    }

    /// <summary>The sum; <c>null</c> where an amount is missing, or where there is none.</summary>
    private static double? SumOrNone(IEnumerable<double?> amounts) =>
        amounts.ToArray() is { Length: > 0 } known && known.All(amount => amount is not null) ? known.Sum() : null;
}
