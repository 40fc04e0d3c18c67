using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Clusters;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterFileTests
{
    private const string Fleet = """
        router: least_requests
        replicas:
          - { count: 2, gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-2025, knobs: { tensor_parallelism: 8 }, classes: [LS, LM, LL] }
          - { gpu: H200, gpu_count: 4, engine: vllm-2025, knobs: { tensor_parallelism: 2, gpu_clock_megahertz: 1410 } }
          - { gpu: H100-80GB-SXM, engine: vllm-2025, knobs: { tensor_parallelism: 8 }, starts_off: true }
        changes:
          - { at_seconds: 5, replica: 2, action: set_clock, value: 1200 }
        start_seconds: 10
        """;

    [Fact]
    public void Read_MakesTheInstancesOfEachGroup_InTheirOrder()
    {
        using TemporaryFolder folder = new();

        ClusterDefinition cluster = ClusterFile.Read(folder.Write("fleet.cluster.yaml", Fleet)).For(TestSystems.Llama31For70B);

        Assert.Equal(["H100-80GB-SXM", "H100-80GB-SXM", "H200", "H100-80GB-SXM"], cluster.Replicas.Select(replica => replica.System.Gpu.Name));
        Assert.Equal((8, 1410.0, 4), (cluster.Replicas[0].System.Gpus, cluster.Replicas[2].System.Knobs.GpuClockMegahertz!.Value, cluster.Replicas[2].System.GpuCount));
        Assert.Equal(["LL", "LM", "LS"], cluster.Replicas[1].Classes!.Order(StringComparer.Ordinal));
        Assert.Null(cluster.Replicas[2].Classes);
        Assert.True(cluster.Replicas[3].StartsOff);
        Assert.Equal(new ReplicaChange(5, 2, ReplicaAction.SetClock, 1200), Assert.Single(cluster.Changes));
        Assert.Equal((RouterKind.LeastRequests, 10, 60), (cluster.Router, cluster.StartSeconds, cluster.ReshardSeconds));
        Assert.Empty(cluster.Check());
    }

    [Fact]
    public void Read_ReportsEverythingThatIsWrong_WithItsLine()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bad.cluster.yaml", "replicas:\n  - { count: 0, gpu: H200, engine: vllm-2025, classes: [XX] }\nrouter: fastest\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path));

        Assert.Equal([("$.router", 3), ("$.replicas[0].count", 2)], exception.Problems.Select(problem => (problem.Place, problem.Line!.Value)));
        path = folder.Write("class.cluster.yaml", "replicas:\n  - { gpu: H200, engine: vllm-2025, classes: [SS, XX] }\n");
        Assert.Contains("XX", Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClusterRecordSink_MetersTheEnergyOfEveryAccelerator()
    {
        using TemporaryFolder folder = new();
        ClusterDefinition cluster = ClusterFile.Read(folder.Write("fleet.cluster.yaml", Fleet)).For(TestSystems.Llama31For70B);
        RequestSchedule schedule = new([.. Enumerable.Range(0, 60).Select(id => SimulatedRuns.Request(id, id * 0.2, 100 + (id * 37 % 2000), 1 + (id % 90)))]);
        ClusterSummary summary;
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("record"), Manifest()))
        {
            ClusterRecordSink sink = new(writer);
            summary = SimulatedCluster.Execute(schedule, cluster, sink);
            sink.End(summary);
            writer.Complete(manifest => manifest with { Meters = sink.Meters, DurationSeconds = summary.DurationSeconds, Verdict = summary.Verdict });
        }

        RunRecord record = RunRecord.Read(folder.PathOf("record"));
        Assert.Equal(["replica0", "replica1", "replica2", "replica3", "unused"], record.Manifest.Meters.Select(meter => meter.Name));
        Assert.All(record.Manifest.Meters, meter => Assert.True(meter.IsEstimated));
        double metered = record.Manifest.Meters.Sum(meter => record.Power.Last(sample => sample.Meter == meter.Name).CumulativeJoules!.Value);
        Assert.Equal(summary.TotalJoules, metered, 1e-6 * summary.TotalJoules);

        // Two of the H200's four accelerators are used by no instance; the instance that is off draws nothing.
        Assert.Equal(2 * 78 * summary.DurationSeconds, summary.UnusedJoules, 1e-6 * summary.UnusedJoules);
        Assert.Equal(0, record.Power.Last(sample => sample.Meter == "replica3").CumulativeJoules!.Value, 1e-9);
        Assert.Equal(60, record.Requests.Count(request => request.Status == GreenServe.Records.Requests.RequestStatus.Completed));
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
