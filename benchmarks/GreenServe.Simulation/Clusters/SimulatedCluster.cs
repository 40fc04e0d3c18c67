using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Clusters;

/// <summary>Serves a schedule on a cluster of simulated instances in virtual time.</summary>
public static class SimulatedCluster
{
    /// <summary>Runs a schedule to its end. The same inputs give the same calls of the sink with the same numbers.</summary>
    /// <param name="schedule">The requests, in an open loop or in a closed loop with think times.</param>
    /// <param name="cluster">The cluster that serves them.</param>
    /// <param name="sink">Receives steps, requests and token gaps of all instances.</param>
    /// <param name="controller">The policy that controls the cluster; <c>null</c> for none.</param>
    /// <returns>Totals and verdict of the run.</returns>
    /// <exception cref="InvalidInputException">
    /// The cluster cannot exist, or one of its instances cannot hold a request. The exception lists every reason.
    /// </exception>
    public static ClusterSummary Execute(
        RequestSchedule schedule, ClusterDefinition cluster, ISimulationSink sink, ClusterController? controller = null)
    {
        SimulatedSystem.ThrowIfAny(cluster.Check());
        SimulatedSystem.ThrowIfAny(CheckLengths(schedule, cluster));

        GapCounts gapCounts = new();
        long longest = schedule.Requests.Select(request => request.InputTokens + (long)request.OutputTokens).DefaultIfEmpty().Max();
        ClusterRun run = new(cluster, controller, gapCounts, sink, longest);
        LoadDriver driver = new(schedule, run, cluster.Replicas[0].System.EngineHere.FrontEndSeconds);
        double seconds = driver.RunToEndSeconds();
        long unassigned = 0;
        foreach (SimulatedRequest request in run.Unassigned)
        {
            sink.Add(request.OutcomeWithoutInstance());
            unassigned++;
        }

        run.ReadUntil(seconds);
        foreach (ClusterNode node in run.Nodes)
        {
            node.Replica.Stop(seconds);
        }

        foreach (ClusterServer server in run.Servers)
        {
            server.CountUnused(seconds);
        }

        MonitorSummary? monitor = run.EndReadings(seconds);
        gapCounts.WriteTo(sink);
        foreach (ControlAction action in run.Actions)
        {
            sink.Add(action);
        }

        return Summarise(schedule, run, driver, seconds, unassigned) with { Monitor = monitor };
    }

    /// <summary>Every request that an instance may have to serve and cannot hold, with its own model or with a variant.</summary>
    private static IEnumerable<Problem> CheckLengths(RequestSchedule schedule, ClusterDefinition cluster)
    {
        foreach ((int index, ClusterReplica replica) in cluster.Replicas.Index().DistinctBy(item => item.Item))
        {
            IEnumerable<(string Place, SimulatedSystem System)> own =
                replica.Instances.Distinct().Select(system => ($"replica {index}", system));
            IEnumerable<(string Place, SimulatedSystem System)> variants = cluster.Variants
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .SelectMany(pair => replica.Instances.Distinct().Select(system => (
                    Place: $"replica {index} with variant {pair.Key}",
                    System: pair.Value.On(system, replica.System, cluster.Variants.Values))))
                .Where(variant => !variant.System.Check().Any());
            foreach ((string place, SimulatedSystem system) in own.Concat(variants))
            {
                foreach (Problem problem in SimulatedRun.CheckLengths(schedule, system, replica.Serves))
                {
                    yield return problem with { Place = $"{place}: {problem.Place}" };
                }
            }
        }
    }

    private static ClusterSummary Summarise(RequestSchedule schedule, ClusterRun run, LoadDriver driver, double seconds, long unassigned)
    {
        ReplicaTotals[] totals = [.. run.Nodes.Select(node => node.Replica.Totals)];
        UnusedStretch[] unusedStretches = [.. run.Servers.SelectMany(server => server.Unused)];
        double unused = unusedStretches.Sum(stretch => stretch.Joules);
        double transition = totals.Sum(instance => instance.TransitionJoules);
        double sleep = totals.Sum(instance => instance.SleepJoules);
        long cancelled = unassigned + totals.Sum(instance => instance.Cancelled);
        List<VerdictReason> reasons = [];
        if (unassigned > 0)
        {
            reasons.Add(new VerdictReason(
                VerdictCode.NoReplica,
                $"{unassigned} requests found no instance that serves them, or were on their way between two, when the run ended"));
        }

        if (schedule.Concurrency is null && driver.Queue.Reason(cancelled - unassigned, driver.DrainSeconds) is { } saturated)
        {
            reasons.Add(saturated);
        }

        reasons.AddRange(driver.NoWindow is { } missing ? [missing] : []);

        double busy = totals.Sum(instance => instance.BusySeconds);
        return new ClusterSummary
        {
            DurationSeconds = seconds,
            MeanSequences = totals.Sum(instance => instance.SequenceSeconds) / Math.Max(double.Epsilon, busy),
            Worked = [.. totals.SelectMany(instance => instance.Worked).Select(model => model.System).Distinct()],
            StepTimeLowRatio = busy > 0 ? totals.Sum(instance => instance.BusyLowSeconds) / busy : 1,
            StepTimeHighRatio = busy > 0 ? totals.Sum(instance => instance.BusyHighSeconds) / busy : 1,
            CompletedRequests = totals.Sum(instance => instance.Completed),
            CancelledRequests = cancelled,
            Steps = totals.Sum(instance => instance.Steps),
            Preemptions = run.Nodes.Sum(node => node.Replica.Preemptions),
            TotalJoules = unused + totals.Sum(instance => instance.Joules),
            IdleJoules = totals.Sum(instance => instance.IdleJoules) - transition - sleep,
            TransitionJoules = transition,
            SleepJoules = sleep,
            LowJoules = unused + totals.Sum(instance => instance.LowJoules),
            HighJoules = unused + totals.Sum(instance => instance.HighJoules),
            UnusedJoules = unused,
            MeanQualityRatio = run.MeanQualityRatio,
            Unused = UnusedStretch.Sum(unusedStretches, seconds),
            RejectedRequests = run.Rejected,
            Actions = run.Actions,
            CompletedByReplica = [.. totals.Select(instance => instance.Completed)],
            Window = driver.Window,
            Verdict = reasons.Count == 0 ? RunVerdict.Valid : new RunVerdict(reasons),
        };
    }
}
