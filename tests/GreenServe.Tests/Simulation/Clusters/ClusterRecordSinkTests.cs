using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Clusters;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterRecordSinkTests
{
    [Fact]
    public void Add_MetersTheEnergyOfEveryAccelerator()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("fleet.cluster.yaml", ClusterFileTests.Fleet);
        ClusterDefinition cluster = ClusterFile.Read(path).For(TestSystems.Llama31For70B);
        RequestSchedule schedule = new(
            [.. Enumerable.Range(0, 60).Select(id => SimulatedRuns.Request(id, id * 0.2, 100 + (id * 37 % 2000), 1 + (id % 90)))]);
        ClusterSummary summary;
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("record"), Manifest()))
        {
            ClusterRecordSink sink = new(writer);
            summary = SimulatedCluster.Execute(schedule, cluster, sink);
            sink.End(summary);
            writer.Complete(manifest => manifest with
            {
                Meters = sink.Meters,
                DurationSeconds = summary.DurationSeconds,
                Verdict = summary.Verdict,
            });
        }

        RunRecord record = RunRecord.Read(folder.PathOf("record"));
        Assert.Equal(["replica0", "replica1", "replica2", "replica3", "unused"], record.Manifest.Meters.Select(meter => meter.Name));
        Assert.All(record.Manifest.Meters, meter => Assert.True(meter.IsEstimated));
        double metered = record.Manifest.Meters.Sum(meter =>
            record.Power.Last(sample => sample.Meter == meter.Name).CumulativeJoules!.Value);
        Assert.Equal(summary.TotalJoules, metered, 1e-6 * summary.TotalJoules);

        // No instance uses two of the H200's four accelerators. The instance that is off draws nothing.
        Assert.Equal(2 * 78 * summary.DurationSeconds, summary.UnusedJoules, 1e-6 * summary.UnusedJoules);
        Assert.Equal(0, record.Power.Last(sample => sample.Meter == "replica3").CumulativeJoules!.Value, 1e-9);
        Assert.Equal(60, record.Requests.Count(request => request.Status == RequestStatus.Completed));
    }

    private static RunManifest Manifest() => new()
    {
        WorkloadName = "test",
        Workload = new JsonObject(),
        WorkloadSha256 = "0",
        Model = "llama-3.1-70b",
        Knobs = new Knobs(),
        Backend = BackendKind.Simulated,
        Evidence = EvidenceKind.Simulated,
        Environment = RunEnvironment.Virtual(),
        Seed = 1,
        Verdict = RunVerdict.Interrupted,
    };
}
