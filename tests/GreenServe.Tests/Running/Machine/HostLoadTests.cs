using GreenServe.Running.Machine;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Running.Machine;

public sealed class HostLoadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void UseOver_IsWhatTheHostDidBesideTheEngine()
    {
        // user + nice + system + irq + softirq + steal: 100 + 0 + 50 + 5 + 5 + 40 = 200 ticks = 2 s; idle and waiting do not count.
        string file = Stat("cpu  100 0 50 9000 700 5 5 40 33 0");
        double own = 10;
        HostLoad load = new(() => own, cores: 2, engineThreads: 2, file);

        // 4 s later 3 s more of work, 1 s of it stolen by the host's other guests; 2 s of it are the engine's.
        Stat("cpu  250 0 100 9200 700 5 5 140 33 0");
        own = 12;

        Assert.Equal(0.25, load.UseOver(4)!.OtherCores, 1e-9);
    }

    [Theory]
    [InlineData(0.25, 2, 2, true)]
    [InlineData(0.19, 2, 2, false)]
    [InlineData(10.0, 64, 32, false)]
    [InlineData(40.0, 64, 32, true)]
    [InlineData(1.1, 2, 1, false)]
    [InlineData(1.3, 2, 1, true)]
    public void Reasons_NameTheHost_WhenOthersTakeMoreThanTheEngineLeaves(double others, int cores, int threads, bool isRaised)
    {
        // One second at 100 ticks a second: what others used in it is their cores.
        HostLoad load = new(() => 0, cores, threads, Stat("cpu 0 0 0 0 0 0 0 0 0 0"));
        Stat($"cpu {Math.Round(others * 100)} 0 0 0 0 0 0 0 0 0");

        HostUse use = load.UseOver(1)!;

        Assert.Equal(isRaised ? ["host-busy"] : [], use.Reasons.Select(reason => reason.Code));
    }

    [Fact]
    public void UseOver_IsNotKnown_WhenTheEngineHasEnded()
    {
        double? own = 10;
        HostLoad load = new(() => own, cores: 2, engineThreads: 2, Stat("cpu 0 0 0 0 0 0 0 0 0 0"));

        own = null;

        Assert.Null(load.UseOver(1));
    }

    [Fact]
    public void UseOver_IsNotKnown_WithoutTheKernelsCount()
    {
        HostLoad load = new(() => 0, cores: 2, engineThreads: 2, folder.PathOf("nothing"));

        Assert.Null(load.UseOver(1));
    }

    public void Dispose() => folder.Dispose();

    private string Stat(string line) => folder.Write("stat", line + "\ncpu0 1 2 3 4 5 6 7 8 9 0\n");
}
