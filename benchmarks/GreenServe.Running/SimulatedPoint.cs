using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Points;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>An operating point on the simulated engine: workload file to run record, in virtual time.</summary>
internal sealed class SimulatedPoint
{
    private readonly OperatingPoint point;
    private readonly RequestSchedule schedule;
    private readonly SimulatedSystem system;

    internal SimulatedPoint(OperatingPoint point)
    {
        this.point = point;
        ModelDefinition model = ModelCatalog.Read(point.Workload.Model, point.Workload.Folder);
        system = SimulatedSystem.For(point.System, model, point.Knobs);
        schedule = point.Schedule();
    }

    /// <summary>Every reason why the point cannot be run.</summary>
    internal IReadOnlyList<Problem> Check() => SimulatedRun.Check(schedule, system);

    /// <summary>Runs the point and leaves its record in a new folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="traceEvents">A file for trace events of the steps, which Perfetto opens; <c>null</c> for none.</param>
    internal RunVerdict Run(string folder, string? traceEvents = null)
    {
        IReadOnlyList<IsolatedLatency> isolated = Isolated();
        using RunRecordWriter record = RunRecordWriter.Create(folder, Manifest(isolated));
        RunRecordSink sink = new(record);
        using TraceEventSink? trace = traceEvents is null ? null : new TraceEventSink(File.Create(traceEvents));
        SimulationSummary summary = SimulatedRun.Execute(schedule, system, trace is null ? sink : new TeeSink(sink, trace));
        sink.End();
        return record.Complete(summary.Complete);
    }

    private RunManifest Manifest(IReadOnlyList<IsolatedLatency> isolated) =>
        PointManifest.Of(point, schedule, BackendKind.Simulated, system.Model.Name, EvidenceKind.Simulated, RunEnvironment.Virtual()) with
        {
            System = point.System with { Gpu = system.Gpu.Name, Engine = system.Engine.Name },
            Isolated = isolated,
        };

    /// <summary>What slowdown limits are multiples of; empty where the SLO has none.</summary>
    private IReadOnlyList<IsolatedLatency> Isolated()
    {
        if (point.Workload.Slo is not { } slo || slo.Limits.All(limit => limit.IsolatedMultiple is null))
        {
            return [];
        }

        SimulatedSystem reference = slo.Reference is { } other
            ? SimulatedSystem.For(other, system.Model, new Knobs { TensorParallelism = other.GpuCount })
            : system with { Knobs = system.Knobs with { GpuClockMegahertz = null, PowerCapWatts = null } };
        return SimulatedRun.Isolated(point.Workload.Classes, reference);
    }
}
