using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterFileTests
{
    internal const string Fleet = """
        router: least_requests
        replicas:
          - { count: 2, gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11, knobs: { tensor_parallelism: 8 }, classes: [LS, LM, LL] }
          - { gpu: H200, gpu_count: 4, engine: vllm-0.11, knobs: { tensor_parallelism: 2, gpu_clock_megahertz: 1410 } }
          - { gpu: H100-80GB-SXM, engine: vllm-0.11, knobs: { tensor_parallelism: 8 }, starts_off: true }
        changes:
          - { at_seconds: 5, replica: 2, action: set_clock, value: 1200 }
        start_seconds: 10
        """;

    [Fact]
    public void Read_MakesTheInstancesOfEachGroup_InTheirOrder()
    {
        using TemporaryFolder folder = new();

        ClusterDefinition cluster = ClusterFile.Read(folder.Write("fleet.cluster.yaml", Fleet)).For(TestSystems.Llama31For70B);

        Assert.Equal(
            ["H100-80GB-SXM", "H100-80GB-SXM", "H200", "H100-80GB-SXM"], cluster.Replicas.Select(replica => replica.System.Gpu.Name));
        Assert.Equal(8, cluster.Replicas[0].System.Gpus);
        Assert.Equal(1410.0, cluster.Replicas[2].System.Knobs.GpuClockMegahertz);
        Assert.Equal(4, cluster.Replicas[2].System.GpuCount);
        Assert.Equal(["LL", "LM", "LS"], cluster.Replicas[1].Classes!.Order(StringComparer.Ordinal));
        Assert.Null(cluster.Replicas[2].Classes);
        Assert.True(cluster.Replicas[3].StartsOff);
        Assert.Equal(new ReplicaChange(5, 2, ReplicaAction.SetClock, 1200), Assert.Single(cluster.Changes));
        Assert.Equal((RouterKind.LeastRequests, 10, 60), (cluster.Router, cluster.StartSeconds, cluster.ReshardSeconds));
        Assert.Empty(cluster.Check());
    }

    [Fact]
    public void Read_ReportsEveryProblemWithItsLine_WhenTheFileIsWrong()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(
            "bad.cluster.yaml", "replicas:\n  - { count: 0, gpu: H200, engine: vllm-0.11, classes: [XX] }\nrouter: fastest\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path));

        Assert.Equal(
            [("$.router", 3), ("$.replicas[0].count", 2)], exception.Problems.Select(problem => (problem.Place, problem.Line!.Value)));
    }

    [Fact]
    public void Read_NamesAClass_WhenThereIsNone()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("class.cluster.yaml", "replicas:\n  - { gpu: H200, engine: vllm-0.11, classes: [SS, XX] }\n");
        Assert.Contains("XX", Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path)).Message, StringComparison.Ordinal);
    }
}
