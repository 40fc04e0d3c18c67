using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Running.Live;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Runs;
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
    private readonly SimulatedClusterRuns runs = new(inputs);

    /// <inheritdoc />
    public bool RunsConcurrently => traceEventsFile is null;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => [.. ProblemsOf(point), .. TraceEventsFile.Check(traceEventsFile)];

    /// <inheritdoc />
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => PointInputs.InOrderOfSchedules(points);

    /// <inheritdoc />
    public Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        PlannedClusterRun run = runs.Plan(point, inputs.ClusterOf(point));
        using RunRecordWriter record = RunRecordWriter.Create(folder, run.Manifest, options);
        ClusterRecordSink sink = run.SinkInto(record);
        using TraceEventSink? trace = TraceEventsFile.Open(traceEventsFile);
        ISimulationSink shown = LiveSimulation.Over(trace is null ? sink : new TeeSink(sink, trace), live, run.Schedule.Requests.Count);
        return Task.FromResult(SimulatedClusterRuns.Serve(run, record, sink, shown));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
        ? policy.CheckFor(SimulatedClusterRuns.SettingOf(point, inputs.ClusterOf(point), inputs.ScheduleOf(point)))
            .Select(problem => problem with { File = problem.File ?? NameOf(point.System.Policy!) })
        : [];

    private static string NameOf(string policy) => File.Exists(policy) ? policy : $"policy {policy}";

    private static IEnumerable<Problem> CheckSpan(RequestSchedule schedule, ClusterDefinition cluster) => cluster.Replicas
        .Distinct().SelectMany(replica => SimulatedRun.CheckSpan(schedule, replica.System, replica.Serves));
}
