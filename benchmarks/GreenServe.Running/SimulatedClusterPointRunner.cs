using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Live;
using GreenServe.Running.Points;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Trust;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>
/// Runs points on a simulated cluster in virtual time, under the control of a policy where the point names one. Hardware, engine and knobs
/// come from the cluster file and not from the point.
/// </summary>
/// <param name="inputs">What the points share.</param>
/// <param name="options">How the tables of the records are written.</param>
/// <param name="live">What the command shows of itself.</param>
/// <param name="traceEventsFile">New file for the trace of the steps; <c>null</c> for none.</param>
internal sealed class SimulatedClusterPointRunner(
    PointInputs inputs, RecordOptions options, LiveRun live, string? traceEventsFile = null) : IPointRunner
{
    private const double MaxReadings = 7200;

    /// <inheritdoc />
    public bool RunsConcurrently => traceEventsFile is null;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => [.. ProblemsOf(point), .. TraceEventsFile.Check(traceEventsFile)];

    /// <inheritdoc />
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => PointInputs.InOrderOfSchedules(points);

    /// <inheritdoc />
    public Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        RequestSchedule schedule = inputs.ScheduleOf(point);
        ClusterDefinition cluster = inputs.ClusterOf(point);
        PolicyDefinition? definition = inputs.PolicyOf(point);
        IClusterPolicy? policy = definition?.Create(SettingOf(point, cluster, schedule));
        RunManifest started = Manifest(point, schedule, cluster, definition) with
        {
            Policy = policy is null ? null : new ControlPolicy
            {
                Name = definition!.Name,
                KnowsFuture = policy.KnowsFuture,
                StartsFromOwnTraffic = definition.StartsFromOwnTraffic(),
                Definition = DocumentContract.ToNode(definition),
            },
        };
        using RunRecordWriter record = RunRecordWriter.Create(folder, started, options);
        ClusterRecordSink sink = new(record, MeterSeconds(schedule), metersInstances: policy is null);
        using TraceEventSink? trace = TraceEventsFile.Open(traceEventsFile);
        ISimulationSink shown = LiveSimulation.Over(trace is null ? sink : new TeeSink(sink, trace), live, schedule.Requests.Count);
        ClusterController? controller = policy is null
            ? null
            : new ClusterController(policy) { Classes = point.Workload.Classes, Seed = point.Seed };
        ClusterSummary summary = SimulatedCluster.Execute(schedule, cluster, shown, controller);
        sink.End(summary);
        return Task.FromResult(record.CompleteJudged(manifest => Completed(manifest, cluster, sink, summary)));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static PolicySetting SettingOf(OperatingPoint point, ClusterDefinition cluster, RequestSchedule schedule) => new()
    {
        Cluster = cluster,
        Slo = point.Workload.Slo,
        Classes = point.Workload.Classes,
        Seed = point.Seed,
        Schedule = schedule,
    };

    private IReadOnlyList<Problem> ProblemsOf(OperatingPoint point)
    {
        string file = point.System.Cluster!;
        IReadOnlyList<Problem> problems =
        [
            .. InvalidInputException.ProblemsOf(() => inputs.ClusterOf(point).Check())
                .Select(problem => problem with { File = problem.File ?? file }),
        ];
        return problems.Count > 0
            ? problems
            :
            [
                .. InvalidInputException.ProblemsOf(() => CheckSpan(inputs.ScheduleOf(point), inputs.ClusterOf(point))),
                .. InvalidInputException.ProblemsOf(() => ProblemsOfPolicy(point)),
            ];
    }

    /// <summary>Every reason why the point's policy cannot control its cluster, with the name or the file of the policy.</summary>
    private IEnumerable<Problem> ProblemsOfPolicy(OperatingPoint point) => inputs.PolicyOf(point) is { } policy
        ? policy.CheckFor(SettingOf(point, inputs.ClusterOf(point), inputs.ScheduleOf(point)))
            .Select(problem => problem with { File = problem.File ?? NameOf(point.System.Policy!) })
        : [];

    /// <summary>
    /// Time between readings of the cluster's energy, in seconds: as with one instance, or so many times as long that a long run has about
    /// 7200 readings.
    /// </summary>
    private static double MeterSeconds(RequestSchedule schedule)
    {
        double seconds = schedule.Requests.Max(request => request.ScheduledSeconds);
        return PowerSampler.IntervalSeconds * Math.Max(1, Math.Ceiling(seconds / (MaxReadings * PowerSampler.IntervalSeconds)));
    }

    private static string NameOf(string policy) => File.Exists(policy) ? policy : $"policy {policy}";

    private static IEnumerable<Problem> CheckSpan(RequestSchedule schedule, ClusterDefinition cluster) => cluster.Replicas
        .Distinct().SelectMany(replica => SimulatedRun.CheckSpan(schedule, replica.System, replica.Serves));

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
