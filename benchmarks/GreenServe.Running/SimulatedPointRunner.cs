using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Running.Live;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>Runs points on one simulated instance in virtual time.</summary>
/// <param name="inputs">What the points share.</param>
/// <param name="options">How the tables of the records are written.</param>
/// <param name="live">What the command shows of itself.</param>
/// <param name="traceEventsFile">New file for the trace of the steps; <c>null</c> for none.</param>
internal sealed class SimulatedPointRunner(
    PointInputs inputs, RecordOptions options, LiveRun live, string? traceEventsFile = null) : IPointRunner
{
    private readonly SimulatedInstanceRuns runs = new(inputs);

    /// <inheritdoc />
    public bool RunsConcurrently => traceEventsFile is null;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) =>
    [
        .. InvalidInputException.ProblemsOf(() => ProblemsOf(inputs.ScheduleOf(point), inputs.SystemOf(point))),
        .. TraceEventsFile.Check(traceEventsFile),
    ];

    /// <inheritdoc />
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => PointInputs.InOrderOfSchedules(points);

    /// <inheritdoc />
    public Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        RequestSchedule schedule = inputs.ScheduleOf(point);
        SimulatedSystem system = inputs.SystemOf(point);
        using RunRecordWriter record = RunRecordWriter.Create(folder, runs.Manifest(point, schedule, system), options);
        RunRecordSink sink = new(record, options.KeepsEachStep);
        using TraceEventSink? trace = TraceEventsFile.Open(traceEventsFile);
        ISimulationSink shown = LiveSimulation.Over(trace is null ? sink : new TeeSink(sink, trace), live, schedule.Requests.Count);
        return Task.FromResult(SimulatedInstanceRuns.Serve(schedule, system, record, shown));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IReadOnlyList<Problem> ProblemsOf(RequestSchedule schedule, SimulatedSystem system)
    {
        IReadOnlyList<Problem> problems = SimulatedRun.Check(schedule, system);
        return problems.Count > 0 ? problems : SimulatedRun.CheckSpan(schedule, system);
    }
}
