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

        Assert.Equal(1.11e-3, work.Seconds(10), 1e-12);
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
    public void ExcessSeconds_IsWhatHostWorkOutlastsTheAcceleratorBy()
    {
        HostWork host = new(0, 0, 0, OverlappedStepSeconds: 0.04, OverlappedSequenceSeconds: 1e-4);
        Assert.Equal(0.05, host.ExcessSeconds(100, 0), 1e-12);
        Assert.Equal(0.05 * (Math.Cbrt(2) - 1), host.ExcessSeconds(100, 0.05), 1e-12);
        Assert.True(host.ExcessSeconds(100, 1) < 1e-4);
        Assert.Equal(0, default(HostWork).ExcessSeconds(100, 0.05));
    }
}
