using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation.Physics;

public sealed class HostWorkTests
{
    [Fact]
    public void For_CountsSequences_AndSamplesByVocabulary()
    {
        EngineCosts costs = new() { LayerSeconds = 0, StepSeconds = 1e-3, SequenceSeconds = 11e-6, SamplingSecondsPerEntry = 0.36e-9 };
        HostWork work = HostWork.For(costs, TestSystems.Llama31For70B);

        Assert.Equal(1.11e-3, work.Seconds(StepShape.Decode(10, 100)), 1e-12);
        Assert.Equal(46.17e-6, work.SamplingSeconds, 0.01e-6);
    }

    [Fact]
    public void For_AddsTwoExchangesALayer_WhenAcceleratorsShareIt()
    {
        EngineCosts costs = TestSystems.H100().Engine.Costs with { OverlappedLayerSeconds = 100e-6, OverlappedExchangeSeconds = 150e-6 };

        // 80 layers of 0.1 ms, and of 0.4 ms with two exchanges of 0.15 ms.
        Assert.Equal(8e-3, HostWork.For(costs, TestSystems.Llama2For70B).OverlappedStepSeconds, 1e-12);
        Assert.Equal(32e-3, HostWork.For(costs, TestSystems.Llama2For70B, tensorParallelism: 2).OverlappedStepSeconds, 1e-12);
    }

    [Fact]
    public void Seconds_AddsThePromptStep_OnlyWhereThereArePromptTokens()
    {
        EngineCosts costs = new() { LayerSeconds = 0, StepSeconds = 1e-3, SequenceSeconds = 50e-6, PromptStepSeconds = 5e-3 };
        HostWork work = HostWork.For(costs, TestSystems.Llama31For70B);

        // 1 ms and 50 us for one sequence, and 5 ms for its prompt.
        Assert.Equal(1.05e-3, work.Seconds(StepShape.Decode(1, 100)), 1e-12);
        Assert.Equal(6.05e-3, work.Seconds(StepShape.Prefill(512, 0, completesPrompt: true)), 1e-12);
    }

    [Fact]
    public void Seconds_GrowsWithTheAcceleratorsBeyondTheFirst_UnderTensorParallelism()
    {
        EngineCosts costs = new()
        {
            LayerSeconds = 0,
            StepSeconds = 1e-3,
            SequenceSeconds = 39e-6,
            TensorParallelStepSeconds = 8.4e-3,
            TensorParallelSequenceSeconds = 6e-6,
        };
        double Of(int degree) => HostWork.For(costs, TestSystems.Llama31For70B, degree).Seconds(StepShape.Decode(10, 100));

        // One accelerator: 1 ms and 10 x 39 us. Two: 8.4 ms and 10 x 6 us more. Eight: 8.4 ms and 10 x 7 x 6 us more.
        Assert.Equal(1.39e-3, Of(1), 1e-12);
        Assert.Equal(9.85e-3, Of(2), 1e-12);
        Assert.Equal(10.21e-3, Of(8), 1e-12);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    public void For_CountsHostWorkOnceAStage_WhenStagesShareAHost(bool shared, int turns)
    {
        EngineCosts costs = new()
        {
            LayerSeconds = 0,
            StepSeconds = 1e-3,
            SequenceSeconds = 20e-6,
            PromptStepSeconds = 3e-3,
            OverlappedLayerSeconds = 50e-6,
            OverlappedSequenceSeconds = 7e-6,
            SamplingSecondsPerEntry = 1e-9,
            StagesShareHost = shared,
        };

        HostWork work = HostWork.For(costs, TestSystems.Llama2For70B, stages: 4);

        // Sampling happens in the last stage alone.
        Assert.Equal(turns * 4.02e-3, work.Seconds(StepShape.Prefill(512, 0, completesPrompt: true)), 1e-12);
        Assert.Equal(turns * 80 * 50e-6, work.OverlappedStepSeconds, 1e-12);
        Assert.Equal(turns * 7e-6, work.OverlappedSequenceSeconds, 1e-12);
        Assert.Equal(32e-6, work.SamplingSeconds, 1e-12);
    }

    [Fact]
    public void ExcessSeconds_IsWhatHostWorkOutlastsTheAcceleratorBy()
    {
        HostWork host = new(0, 0, 0, 0, OverlappedStepSeconds: 0.04, OverlappedSequenceSeconds: 1e-4);
        Assert.Equal(0.05, host.ExcessSeconds(StepShape.Decode(100, 0), 0), 1e-12);
        Assert.Equal(0.05 * (Math.Cbrt(2) - 1), host.ExcessSeconds(StepShape.Decode(100, 0), 0.05), 1e-12);
        Assert.True(host.ExcessSeconds(StepShape.Decode(100, 0), 1) < 1e-4);
        Assert.Equal(0, default(HostWork).ExcessSeconds(StepShape.Decode(100, 0), 0.05));
    }
}
