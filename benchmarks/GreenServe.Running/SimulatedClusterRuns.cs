using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Points;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Trust;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>
/// Serves points on a simulated cluster, under the control of a policy where the point names one, into a record on disk or in memory.
/// </summary>
/// <param name="inputs">What the points share.</param>
internal sealed class SimulatedClusterRuns(PointInputs inputs)
{
    /// <summary>All that a run needs.</summary>
    /// <param name="point">The point.</param>
    /// <param name="cluster">The cluster that serves it.</param>
    internal PlannedClusterRun Plan(OperatingPoint point, ClusterDefinition cluster)
    {
        RequestSchedule schedule = inputs.ScheduleOf(point);
        PolicyDefinition? definition = inputs.PolicyOf(point);
        RunManifest manifest = Manifest(point, schedule, cluster, definition);
        if (definition?.Create(SettingOf(point, cluster, schedule)) is not { } policy)
        {
            return new PlannedClusterRun(schedule, cluster, manifest, Controller: null);
        }

        ControlPolicy recorded = new()
        {
            Name = definition.Name,
            KnowsFuture = policy.KnowsFuture,
            StartsFromOwnTraffic = definition.StartsFromOwnTraffic(),
            Definition = DocumentContract.ToNode(definition),
        };
        ClusterController controller = new(policy) { Classes = point.Workload.Classes, Seed = point.Seed };
        return new PlannedClusterRun(schedule, cluster, manifest with { Policy = recorded }, controller);
    }

    /// <summary>Serves a schedule, and ends the record.</summary>
    /// <param name="run">What the run needs.</param>
    /// <param name="record">Keeps the rows.</param>
    /// <param name="sink">Hands the results to the record.</param>
    /// <param name="shown">Receives the results, and hands them to <paramref name="sink"/>.</param>
    internal static RunRecord Serve(PlannedClusterRun run, IRunRecorder record, ClusterRecordSink sink, ISimulationSink shown)
    {
        ClusterSummary summary = SimulatedCluster.Execute(run.Schedule, run.Cluster, shown, run.Controller);
        sink.End(summary);
        return record.CompleteJudged(manifest => Completed(manifest, run.Cluster, sink, summary));
    }

    /// <summary>What a policy is told of a point before its run.</summary>
    /// <param name="point">The point.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="schedule">The requests.</param>
    internal static PolicySetting SettingOf(OperatingPoint point, ClusterDefinition cluster, RequestSchedule schedule) => new()
    {
        Cluster = cluster,
        Slo = point.Workload.Slo,
        Classes = point.Workload.Classes,
        Seed = point.Seed,
        Schedule = schedule,
    };

    private RunManifest Manifest(OperatingPoint point, RequestSchedule schedule, ClusterDefinition cluster, PolicyDefinition? policy)
    {
        SimulatedSystem[] systems = [.. cluster.Replicas.Select(replica => replica.System)];
        ServingSystem system = new()
        {
            Gpu = string.Join(" + ", systems.Select(item => item.Gpu.Name).Distinct()),
            GpuCount = systems.Sum(item => item.GpuCount),
            Engine = string.Join(" + ", systems.Select(item => item.Engine.Name).Distinct()),
        };
        OperatingPoint served = point with { System = system, Knobs = systems[0].EffectiveKnobs };
        string model = string.Join(" + ", systems.Select(item => item.Model.Name).Distinct());
        RunSource source = new(BackendKind.Simulated, model, EvidenceKind.Simulated, RunEnvironment.Virtual());
        string server = policy is null ? "a cluster without a policy" : $"the policy {policy.Name}";
        return PointManifest.Of(served, schedule, source) with
        {
            Isolated = inputs.IsolatedOf(point, systems[0]),
            Notes =
            [
                .. schedule.Notes,
                .. UnusedTraits.Notes(schedule, server, policy?.UsesPriorities() ?? false, policy?.UsesAdapters() ?? false),
                .. policy?.StartsFromOwnTraffic() == true ? (string[])[OwnTrafficNote(policy.Name)] : [],
            ],
        };
    }

    private static string OwnTrafficNote(string policy) =>
        $"the policy {policy} starts from a history of its own workload: the requests of this run stand for "
        + "earlier traffic in its profiles and first forecasts, which are better than an operator's";

    private static RunManifest Completed(RunManifest manifest, ClusterDefinition cluster, ClusterRecordSink sink, ClusterSummary summary)
    {
        IReadOnlyDictionary<string, string> others = OtherKnobs.Of(cluster, summary);
        ControlPolicy? policy = manifest.Policy;
        return manifest with
        {
            Policy = policy is null || others.Count == 0 ? policy : policy with { ChangedKnobs = others },
            Notes = others.Count == 0 ? manifest.Notes : [.. manifest.Notes, OtherKnobs.Note(others)],
            DurationSeconds = summary.DurationSeconds,
            GpusUsed = cluster.Replicas.Sum(replica => replica.System.GpuCount),
            Meters = sink.Meters,
            Counters = ClusterCounters.Of(cluster, summary, sink.GpuOnSeconds, isControlled: manifest.Policy is not null),
            Window = summary.Window,
            ErrorBands = SimulatorErrors.For(cluster, summary),
            Verdict = summary.Verdict,
        };
    }
}

/// <summary>All that a run of a cluster needs, and what its record states of it before it begins.</summary>
/// <param name="Schedule">The requests.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Manifest">What is known before the run begins.</param>
/// <param name="Controller">The policy that controls the cluster; <c>null</c> for none.</param>
internal sealed record PlannedClusterRun(
    RequestSchedule Schedule, ClusterDefinition Cluster, RunManifest Manifest, ClusterController? Controller)
{
    private const double MaxReadings = 7200;

    /// <summary>The sink into a record. A policy's instances come and go, so that its cluster has one meter.</summary>
    internal ClusterRecordSink SinkInto(IRunRecorder record) =>
        new(record, MeterSeconds(Schedule), metersInstances: Controller is null);

    /// <summary>
    /// Time between readings of the cluster's energy, in seconds: as with one instance, or so many times as long that a long run has about
    /// 7200 readings.
    /// </summary>
    private static double MeterSeconds(RequestSchedule schedule)
    {
        double seconds = schedule.Requests.Max(request => request.ScheduledSeconds);
        return PowerSampler.IntervalSeconds * Math.Max(1, Math.Ceiling(seconds / (MaxReadings * PowerSampler.IntervalSeconds)));
    }
}
