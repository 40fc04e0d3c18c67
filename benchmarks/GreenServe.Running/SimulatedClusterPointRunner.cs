using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Live;
using GreenServe.Running.Points;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Trust;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>
/// Runs points on a simulated cluster in virtual time. Hardware, engine and knobs come from the cluster file and not from the
/// point.
/// </summary>
/// <param name="inputs">What the points share.</param>
/// <param name="clusterFile">File of the cluster (<c>*.cluster.yaml</c>).</param>
/// <param name="options">How the tables of the records are written.</param>
/// <param name="live">What the command shows of itself.</param>
/// <param name="traceEventsFile">New file for the trace of the steps; <c>null</c> for none.</param>
internal sealed class SimulatedClusterPointRunner(
    PointInputs inputs, string clusterFile, RecordOptions options, LiveRun live, string? traceEventsFile = null) : IPointRunner
{
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
        ClusterDefinition cluster = inputs.ClusterOf(clusterFile, point);
        using RunRecordWriter record = RunRecordWriter.Create(folder, Manifest(point, schedule, cluster), options);
        ClusterRecordSink sink = new(record);
        using TraceEventSink? trace = TraceEventsFile.Open(traceEventsFile);
        ISimulationSink shown = LiveSimulation.Over(trace is null ? sink : new TeeSink(sink, trace), live, schedule.Requests.Count);
        ClusterSummary summary = SimulatedCluster.Execute(schedule, cluster, shown);
        sink.End(summary);
        return Task.FromResult(record.CompleteJudged(manifest => Completed(manifest, cluster, sink, summary)));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IReadOnlyList<Problem> ProblemsOf(OperatingPoint point)
    {
        IReadOnlyList<Problem> problems = InvalidInputException.ProblemsOf(
            () => inputs.ClusterOf(clusterFile, point).Check().Select(problem => problem with { File = clusterFile }));
        return problems.Count > 0
            ? problems
            : InvalidInputException.ProblemsOf(() => CheckSpan(inputs.ScheduleOf(point), inputs.ClusterOf(clusterFile, point)));
    }

    private static IEnumerable<Problem> CheckSpan(RequestSchedule schedule, ClusterDefinition cluster) => cluster.Replicas
        .Select(replica => replica.System).Distinct().SelectMany(system => SimulatedRun.CheckSpan(schedule, system));

    private static RunManifest Manifest(OperatingPoint point, RequestSchedule schedule, ClusterDefinition cluster)
    {
        SimulatedSystem[] systems = [.. cluster.Replicas.Select(replica => replica.System)];
        ServingSystem system = new()
        {
            Gpu = string.Join(" + ", systems.Select(item => item.Gpu.Name).Distinct()),
            GpuCount = Math.Min(ServingSystem.MaxGpuCount, systems.Sum(item => item.GpuCount)),
            Engine = string.Join(" + ", systems.Select(item => item.Engine.Name).Distinct()),
        };
        OperatingPoint served = point with { System = system, Knobs = systems[0].EffectiveKnobs };
        RunSource source = new(BackendKind.Simulated, systems[0].Model.Name, EvidenceKind.Simulated, RunEnvironment.Virtual());
        return PointManifest.Of(served, schedule, source) with
        {
            Notes = [.. schedule.Notes, .. UnusedTraits.Notes(schedule, "a cluster without a policy")],
        };
    }

    private static RunManifest Completed(RunManifest manifest, ClusterDefinition cluster, ClusterRecordSink sink, ClusterSummary summary) =>
        manifest with
        {
            DurationSeconds = summary.DurationSeconds,
            GpusUsed = cluster.Replicas.Sum(replica => replica.System.GpuCount),
            Meters = sink.Meters,
            Counters = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                [RunCounter.Replicas.Name] = cluster.Replicas.Count,
                [RunCounter.Steps.Name] = summary.Steps,
                [RunCounter.Preemptions.Name] = summary.Preemptions,
                [RunCounter.TotalJoules.Name] = summary.TotalJoules,
                [RunCounter.IdleJoules.Name] = summary.IdleJoules,
                [RunCounter.UnusedJoules.Name] = summary.UnusedJoules,
            },
            Window = summary.Window,
            ErrorBands = SimulatorErrors.For(cluster, summary),
            Verdict = summary.Verdict,
        };
}
