using GreenServe.Records;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterDefinitionTests
{
    private static readonly SimulatedSystem Small = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };

    [Fact]
    public void Check_ReportsEveryProblemAtOnce_WhenTheClusterIsWrong()
    {
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = Small, Role = ReplicaRole.Prefill }],
            Changes = [new ReplicaChange(5, 3, ReplicaAction.Start), new ReplicaChange(1, 0, ReplicaAction.SetClock, 9000)],
            StartSeconds = -1,
        };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => SimulatedCluster.Execute(new RequestSchedule([]), cluster, new SimulationAggregate()));

        Assert.Equal(
            ["changes[0]", "changes[1]", "changes[1]: knobs.gpu_clock_megahertz", "cluster delays", "replicas"],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    [InlineData(-2.0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Check_ReportsAResharding_WhenItsTensorParallelismIsNoPositiveWholeNumber(double? value)
    {
        ClusterDefinition cluster = new()
        {
            Replicas = [new ClusterReplica { System = Small }],
            Changes = [new ReplicaChange(1, 0, ReplicaAction.Reshard, value)],
        };

        Problem problem = Assert.Single(cluster.Check());

        Assert.Equal("changes[0]: value", problem.Place);
    }

    [Theory]
    [InlineData(new[] { 0 }, "replica 0: knobs.tensor_parallelism: got 0, want at least 1")]
    [InlineData(new[] { -4, 4 }, "replica 0: knobs.tensor_parallelism: got -4, want at least 1")]
    [InlineData(new[] { 4, 2, 4 }, "replica 0: partition: got 4 + 2 + 4, want together at most the 8 GPUs of the server")]
    public void Check_ReportsAPartition_ThatTheServerCannotHave(int[] partition, string expected)
    {
        SimulatedSystem server = TestSystems.H100(TestSystems.Llama31For8B, 8);
        ClusterDefinition cluster = new() { Replicas = [new ClusterReplica { System = server, Partition = partition }] };

        Problem problem = Assert.Single(cluster.Check());

        Assert.Equal(expected, $"{problem.Place}: got {problem.Found}, want {problem.Allowed}");
    }

    [Theory]
    [InlineData(511, 0.002 + (511 * 1e6 / 50e9))]
    [InlineData(512, 0.008)]
    [InlineData(4096, 0.008)]
    public void TransferSeconds_IsTheVisibleRest_FromTheLengthOfLayeredTransfersOn(int promptTokens, double seconds)
    {
        ClusterDefinition cluster = new() { Replicas = [], LayeredTransferTokens = 512, LayeredTransferSeconds = 0.008 };

        // Shorter prompts move after they are processed: 2 ms and a megabyte a token at 50 GB/s.
        Assert.Equal(seconds, cluster.TransferSeconds(promptTokens, bytesPerToken: 1e6), tolerance: 1e-12);
    }
}
