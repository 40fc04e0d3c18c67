using GreenServe.Metering.Discovery;
using GreenServe.Running.Machine;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Running.Machine;

public sealed class MeterPoolTests
{
    private static readonly MachineAccess TwoGpus =
        FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu(), new FakeGpu { Uuid = "GPU-9" }));

    [Fact]
    public void Of_DiscoversOnce_ForEachNumberOfGpus()
    {
        using MeterPool pool = new(asked: null, options => FakeMachine.Discover(TwoGpus, options));

        MeterCatalog one = pool.Of(new MeterOptions { GpuLimit = 1 });
        MeterCatalog two = pool.Of(new MeterOptions { GpuLimit = 2 });

        Assert.Equal((1, 2), (one.Gpus.Count, two.Gpus.Count));
        Assert.Same(one, pool.Of(new MeterOptions { GpuLimit = 1 }));
    }

    [Fact]
    public void Of_GivesTheMetersThatTheUserAskedFor_WhateverIsStandard()
    {
        using MeterPool pool = new(new MeterOptions { Gpus = "none" }, options => FakeMachine.Discover(TwoGpus, options));

        MeterCatalog meters = pool.Of(new MeterOptions { GpuLimit = 2 });

        Assert.Empty(meters.Gpus);
    }

    [Fact]
    public void Of_ReportsEachNotice_WhenTheMetersAreFirstFound()
    {
        List<string> told = [];
        using MeterPool pool = new(
            asked: null,
            options => new MeterCatalog([], [], [], []) { Notices = ["a notice"] },
            new Listener(told));

        pool.Of(new MeterOptions { GpuLimit = 1 });
        pool.Of(new MeterOptions { GpuLimit = 1 });

        Assert.Equal(["a notice"], told);
    }

    private sealed class Listener(List<string> told) : IProgress<string>
    {
        public void Report(string value) => told.Add(value);
    }
}
