using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
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
        (RunRecord record, ClusterSummary summary) = Write(folder.PathOf("record"), cluster, schedule);

        Assert.Equal(["replica0", "replica1", "replica2", "replica3", "unused"], record.Manifest.Meters.Select(meter => meter.Name));
        Assert.All(record.Manifest.Meters, meter => Assert.True(meter.IsEstimated));
        double metered = record.Manifest.Meters.Sum(meter =>
            record.Power.Last(sample => sample.Meter == meter.Name).CumulativeJoules!.Value);
        Assert.Equal(summary.TotalJoules, metered, 1e-6 * summary.TotalJoules);

        // No instance uses two of the H200's four accelerators. The instance that is off draws nothing.
        Assert.Equal(2 * 78 * summary.DurationSeconds, summary.UnusedJoules, 1e-6 * summary.UnusedJoules);
        Assert.Equal(0, record.Power.Last(sample => sample.Meter == "replica3").CumulativeJoules!.Value, 1e-9);
        Assert.Equal(60, record.Requests.Count(request => request.Status == RequestStatus.Completed));
        Assert.All(record.Requests, request => Assert.Contains(request.ServerId, new[] { "replica0", "replica1", "replica2", "replica3" }));
    }

    [Fact]
    public void Energy_IsMeasured_WhenInstancesAreSwitchedOff()
    {
        // Instance 0 serves. Instance 1 is switched off at 20 s, once it is empty, and instance 2 is off all the time. Each server has
        // eight accelerators, of which an instance uses four.
        ClusterReplica replica = new() { System = TestSystems.H100(tensorParallelism: 4) with { GpuCount = 8 } };
        ClusterDefinition cluster = new()
        {
            Router = RouterKind.RoundRobin,
            Replicas = [replica, replica, replica with { StartsOff = true }],
            Changes = [new ReplicaChange(20, 1, ReplicaAction.PowerOff)],
        };
        RequestSchedule schedule = new([.. Enumerable.Range(0, 121).Select(id => SimulatedRuns.Request(id, id * 0.5, 500, 20))]);
        using TemporaryFolder folder = new();

        (RunRecord record, ClusterSummary summary) = Write(folder.PathOf("record"), cluster, schedule);
        WindowEnergy whole = WindowEnergy.Measure(
            record.Manifest.Meters, record.MeterReadings, 0, summary.DurationSeconds);
        ScopeEnergy late = WindowEnergy.Measure(record.Manifest.Meters, record.MeterReadings, 40, 60).Of(MeterScope.Gpu)!;

        ScopeEnergy energy = whole.Of(MeterScope.Gpu)!;
        Assert.Null(energy.NotMeasured);
        Assert.Empty(whole.Reasons());
        Assert.Equal(summary.TotalJoules, energy.Joules!.Value, tolerance: energy.EdgeErrorJoules!.Value);

        // From 40 s on four accelerators idle beside instance 0, and two servers are off.
        double[] joules = [.. late.Readings.Select(reading => reading.Joules!.Value)];
        Assert.Equal([0, 0], joules[1..3]);
        Assert.Equal(4 * replica.System.Gpu.Power.IdleWatts * 20, joules[3], 1e-6);
    }

    private static (RunRecord Record, ClusterSummary Summary) Write(string path, ClusterDefinition cluster, RequestSchedule schedule)
    {
        ClusterSummary summary;
        using (RunRecordWriter writer = RunRecordWriter.Create(path, Manifest()))
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

        return (RunRecord.Read(path), summary);
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
