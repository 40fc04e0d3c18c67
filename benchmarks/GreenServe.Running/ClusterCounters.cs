using GreenServe.Records.Runs;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;

namespace GreenServe.Running;

/// <summary>Makes the counters of a record from the totals of a simulated cluster.</summary>
internal static class ClusterCounters
{
    /// <summary>The counters, by name. What a run does not have is left out.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="summary">The totals of the run.</param>
    /// <param name="isControlled">Whether a policy controlled the cluster.</param>
    internal static IReadOnlyDictionary<string, double> Of(ClusterDefinition cluster, ClusterSummary summary, bool isControlled)
    {
        int accepted = summary.Actions.Count(action => action.Refusal is null);
        int deferred = summary.Actions.Count(action => action is { Kind: ActionKind.Defer, Refusal: null });
        (RunCounter Counter, double? Value)[] counters =
        [
            (RunCounter.Replicas, cluster.Replicas.Count),
            (RunCounter.Steps, summary.Steps),
            (RunCounter.Preemptions, summary.Preemptions),
            (RunCounter.TotalJoules, summary.TotalJoules),
            (RunCounter.IdleJoules, summary.IdleJoules),
            (RunCounter.UnusedJoules, summary.UnusedJoules),
            (RunCounter.TotalLowJoules, summary.LowJoules == summary.TotalJoules ? null : summary.LowJoules),
            (RunCounter.TotalHighJoules, summary.HighJoules == summary.TotalJoules ? null : summary.HighJoules),
            (ClusterCounter.TransitionJoules, OrNone(summary.TransitionJoules)),
            (ClusterCounter.SleepJoules, OrNone(summary.SleepJoules)),
            (ClusterCounter.Actions, isControlled ? accepted : null),
            (ClusterCounter.ActionsRefused, isControlled ? summary.Actions.Count - accepted : null),
            (ClusterCounter.RequestsRejected, isControlled ? summary.RejectedRequests : null),
            (ClusterCounter.RequestsDeferred, isControlled ? deferred : null),
            (ClusterCounter.MeanQualityRatio, summary.MeanQualityRatio),
        ];
        SortedDictionary<string, double> known = new(StringComparer.Ordinal);
        foreach ((RunCounter counter, double? value) in counters)
        {
            if (value is { } number)
            {
                known[counter.Name] = number;
            }
        }

        return known;
    }

    /// <summary>An energy that only a cluster which changes has.</summary>
    private static double? OrNone(double joules) => joules == 0 ? null : joules;
}
