using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Cli.Running;

/// <summary>A workload on a simulated cluster: workload file and cluster file to run record, in virtual time.</summary>
internal sealed class SimulatedClusterPoint
{
    private readonly Workload workload;
    private readonly ModelDefinition model;
    private readonly RequestSchedule schedule;
    private readonly ClusterDefinition cluster;

    internal SimulatedClusterPoint(Workload workload, string clusterPath)
    {
        this.workload = workload;
        model = ModelCatalog.Read(workload.Model, workload.Folder);
        cluster = ClusterFile.Read(clusterPath).For(model);
        Problem[] problems = [.. cluster.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems.Select(problem => problem with { File = clusterPath }));
        }

        schedule = RequestSchedule.For(workload);
    }

    /// <summary>Runs it and leaves its record in a new folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="traceEvents">A file for trace events of the steps, which Perfetto opens; <c>null</c> for none.</param>
    internal RunVerdict Run(string folder, string? traceEvents)
    {
        SimulatedSystem[] systems = [.. cluster.Replicas.Select(replica => replica.System)];
        ServingSystem system = new()
        {
            Gpu = string.Join(" + ", systems.Select(item => item.Gpu.Name).Distinct()),
            GpuCount = Math.Min(64, systems.Sum(item => item.GpuCount)),
            Engine = string.Join(" + ", systems.Select(item => item.Engine.Name).Distinct()),
        };
        OperatingPoint point = OperatingPoint.Of(workload, system, systems[0].Knobs);
        RunManifest manifest = PointManifest.Of(point, schedule, BackendKind.Simulated, model.Name, EvidenceKind.Simulated, RunEnvironment.Virtual());
        using RunRecordWriter record = RunRecordWriter.Create(folder, manifest);
        ClusterRecordSink sink = new(record);
        using TraceEventSink? trace = traceEvents is null ? null : new TraceEventSink(File.Create(traceEvents));
        ClusterSummary summary = SimulatedCluster.Execute(schedule, cluster, trace is null ? sink : new TeeSink(sink, trace));
        sink.End(summary);
        return record.Complete(written => written with
        {
            DurationSeconds = summary.DurationSeconds,
            GpusUsed = systems.Sum(item => item.GpuCount),
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
            Verdict = summary.Verdict,
        });
    }
}
