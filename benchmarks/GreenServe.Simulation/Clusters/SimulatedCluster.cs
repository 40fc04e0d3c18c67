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
            sink.Add(new RequestOutcome(
                request.Request,
                Replica: null,
                request.IssuedSeconds,
                request.FirstTokenSeconds,
                CompletedSeconds: null,
                request.GeneratedTokens,
                TbtP99Seconds: null,
                TbtMaxSeconds: null,
                request.PrefillJoules,
                request.PrefillJoules));
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
                    $"replica {index} with variant {pair.Key}",
                    pair.Value.On(system, replica.System, cluster.Variants.Values))))
                .Where(item => !item.Item2.Check().Any());
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
        UnusedStretch[] unusedStretches = [.. run.Servers.SelectMany(server => server.Unused)];
        double unused = unusedStretches.Sum(stretch => stretch.Joules);
        double transition = run.Nodes.Sum(node => node.Replica.Totals.TransitionJoules);
        double sleep = run.Nodes.Sum(node => node.Replica.Totals.SleepJoules);
        long cancelled = unassigned + run.Nodes.Sum(node => node.Replica.Totals.Cancelled);
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

        double busy = run.Nodes.Sum(node => node.Replica.Totals.BusySeconds);
        return new ClusterSummary
        {
            DurationSeconds = seconds,
            MeanSequences = run.Nodes.Sum(node => node.Replica.Totals.SequenceSeconds) / Math.Max(double.Epsilon, busy),
            Worked = [.. run.Nodes.SelectMany(node => node.Replica.Totals.Worked).Select(model => model.System).Distinct()],
            StepTimeLowRatio = busy > 0 ? run.Nodes.Sum(node => node.Replica.Totals.BusyLowSeconds) / busy : 1,
            StepTimeHighRatio = busy > 0 ? run.Nodes.Sum(node => node.Replica.Totals.BusyHighSeconds) / busy : 1,
            CompletedRequests = run.Nodes.Sum(node => node.Replica.Totals.Completed),
            CancelledRequests = cancelled,
            Steps = run.Nodes.Sum(node => node.Replica.Totals.Steps),
            Preemptions = run.Nodes.Sum(node => node.Replica.Preemptions),
            TotalJoules = unused + run.Nodes.Sum(node => node.Replica.Totals.Joules),
            IdleJoules = run.Nodes.Sum(node => node.Replica.Totals.IdleJoules) - transition - sleep,
            TransitionJoules = transition,
            SleepJoules = sleep,
            LowJoules = unused + run.Nodes.Sum(node => node.Replica.Totals.LowJoules),
            HighJoules = unused + run.Nodes.Sum(node => node.Replica.Totals.HighJoules),
            UnusedJoules = unused,
            MeanQualityRatio = run.MeanQualityRatio,
            Unused = UnusedStretch.Sum(unusedStretches, seconds),
            RejectedRequests = run.Rejected,
            Actions = run.Actions,
            CompletedByReplica = [.. run.Nodes.Select(node => node.Replica.Totals.Completed)],
            Window = driver.Window,
            Verdict = reasons.Count == 0 ? RunVerdict.Valid : new RunVerdict(reasons),
        };
    }
}
