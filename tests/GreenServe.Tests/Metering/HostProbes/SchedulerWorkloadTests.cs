using GreenServe.Metering.HostProbes;

namespace GreenServe.Tests.Metering.HostProbes;

public sealed class SchedulerWorkloadTests
{
    [Fact]
    public void Run_DoesTheWorkOfVersion1()
    {
        SchedulerWorkload workload = new();

        // The sum depends on every operation. It fixes the work of version 1: other work needs another version of the probe.
        Assert.Equal(365_493L, workload.Run(20_000));
    }

    [Fact]
    public void Run_GoesOnWhereItStopped()
    {
        SchedulerWorkload whole = new();
        SchedulerWorkload parts = new();

        Assert.Equal(whole.Run(5000), parts.Run(2000) + parts.Run(3000));
    }
}
