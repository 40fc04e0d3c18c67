using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class SimulatedSystemTests
{
    [Fact]
    public void Limits_HoldsTheTokensThatAreKnown_ForLlama70BOnFourH100()
    {
        // 0.9 x 80 GiB - 70.55e9 x 2 / 4 - 3 GB = 39.03 GB of 81,920 bytes a token.
        Assert.Equal(476_000, TestSystems.H100(TestSystems.Llama31For70B, 4).Limits.CapacityTokens, 1_000.0);
    }

    [Fact]
    public void KeyValueBlocks_CountsTheLayersOfEachStage()
    {
        SimulatedSystem four = TestSystems.H100(tensorParallelism: 4);
        SimulatedSystem two = four with { Knobs = new Knobs { TensorParallelism = 4, PipelineParallelism = 2 } };
        SimulatedSystem eight = TestSystems.H100(tensorParallelism: 8);
        Assert.Equal(eight.Limits.CapacityTokens, two.Limits.CapacityTokens);
    }

    [Fact]
    public void Check_SaysHowLargeTheModelIs_WhenItDoesNotFit()
    {
        Problem problem = Assert.Single(TestSystems.H100(tensorParallelism: 1).Check());
        Assert.Contains("138.0 GB", $"{problem}", StringComparison.Ordinal);
        Assert.Contains("77.3 GB", $"{problem}", StringComparison.Ordinal);
    }

    [Fact]
    public void Check_RefusesStages_WhenTheyExceedLayersAndGpus()
    {
        SimulatedSystem system = TestSystems.H100() with { Knobs = new Knobs { TensorParallelism = 8, PipelineParallelism = 81 } };
        Assert.Equal(2, system.Check().Count(problem => problem.Place == "knobs.pipeline_parallelism"));
    }
}
