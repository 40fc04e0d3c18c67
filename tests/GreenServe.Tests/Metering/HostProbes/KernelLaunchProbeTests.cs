using GreenServe.Metering.HostProbes;
using GreenServe.Records;
using GreenServe.Records.Systems;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.HostProbes;

public sealed class KernelLaunchProbeTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Measure_GivesTheTimeOfOneLaunch_WithoutTheWaitForTheGpu()
    {
        FakeLauncher launcher = new(clock);

        HostSpeed speed = KernelLaunchProbe.Measure(new HostSpeed(), () => launcher, clock);

        Assert.Equal(4e-6, speed.LaunchSeconds!.Value, 12);
        Assert.Equal(0, speed.LaunchSpreadRatio);
        Assert.Equal("Fake GPU", speed.LaunchGpu);
        Assert.True(launcher.IsDisposed);
    }

    [Fact]
    public void Measure_NeverFillsTheQueueOfTheDriver()
    {
        FakeLauncher launcher = new(clock);

        KernelLaunchProbe.Measure(new HostSpeed(), () => launcher, clock);

        // CUDA holds 1,024 launches. One more waits for the GPU, and would show the speed of the GPU.
        Assert.InRange(launcher.LongestQueue, 1, 1023);
    }

    [Fact]
    public void Measure_GivesTheGpuBack_WhenALaunchFails()
    {
        FakeLauncher launcher = new(clock) { FailsAfter = 1000 };

        Assert.Throws<UnavailableException>(() => KernelLaunchProbe.Measure(new HostSpeed(), () => launcher, clock));

        Assert.True(launcher.IsDisposed);
    }

    /// <summary>A GPU whose launches take 4 us of the host each, and the first of them ten times as long, as with a real driver.</summary>
    private sealed class FakeLauncher(FakeTimeProvider clock) : IKernelLauncher
    {
        private int launched;
        private int queued;

        internal int FailsAfter { get; init; } = int.MaxValue;

        internal int LongestQueue { get; private set; }

        internal bool IsDisposed { get; private set; }

        public string Gpu => "Fake GPU";

        public void Launch(int count)
        {
            launched += count;
            queued += count;
            LongestQueue = Math.Max(LongestQueue, queued);
            if (launched > FailsAfter)
            {
                throw new UnavailableException("a kernel was not launched");
            }

            clock.Advance(count * TimeSpan.FromMicroseconds(launched <= 1000 ? 40 : 4));
        }

        public void Wait()
        {
            queued = 0;
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        public void Dispose() => IsDisposed = true;
    }
}
