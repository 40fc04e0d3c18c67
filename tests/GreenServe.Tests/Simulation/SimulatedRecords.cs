using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

/// <summary>Run records of simulated runs, to test what reads measured ones.</summary>
internal static class SimulatedRecords
{
    internal static RunRecord Write(string folder, SimulatedSystem system, int requests, int promptTokens = 600, double gapSeconds = 0.4)
    {
        RequestClassCuts cuts = new();
        RequestSchedule schedule = new([.. Enumerable.Range(0, requests).Select(id =>
        {
            int input = promptTokens + (id % 7 * 100);
            int output = 100 + (id % 5 * 30);
            return new ScheduledRequest(id, Math.Round(id * gapSeconds, 6), cuts.Classify(input, output), input, output);
        })]);
        RunManifest manifest = new()
        {
            WorkloadName = "test",
            Workload = new JsonObject(),
            WorkloadSha256 = "0",
            Model = system.Model.Name,
            Knobs = system.EffectiveKnobs,
            System = new ServingSystem { Gpu = system.Gpu.Name, GpuCount = system.GpuCount, Engine = system.Engine.Name },
            Backend = BackendKind.Simulated,
            Evidence = EvidenceKind.Simulated,
            Environment = RunEnvironment.Virtual(),
            Seed = 1,
            Verdict = RunVerdict.Interrupted,
        };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder, manifest))
        {
            RunRecordSink sink = new(writer, keepsEachStep: true);
            SimulationSummary summary = SimulatedRun.Execute(schedule, system, sink);
            writer.Complete(summary.Complete);
        }

        return RunRecord.Read(folder);
    }

    /// <summary>The same record with a manifest that says it was measured, on a host of some speed.</summary>
    internal static RunRecord AsMeasured(RunRecord record, HostSpeed? host = null)
    {
        RunManifest measured = record.Manifest with
        {
            Environment = record.Manifest.Environment with { HostSpeed = host },
            Evidence = EvidenceKind.Measured,
            Meters = [.. record.Manifest.Meters.Select(meter => meter with { IsEstimated = false })],
        };
        File.WriteAllText(Path.Combine(record.Folder, RunFiles.Manifest), JsonSerializer.Serialize(measured, DocumentContract.Indented));
        return RunRecord.Read(record.Folder);
    }
}
