using GreenServe.Running.Machine;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Running.Machine;

public sealed class HostLoadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void OtherCores_IsWhatTheHostDidBesideTheEngine()
    {
        // user + nice + system + irq + softirq + steal: 100 + 0 + 50 + 5 + 5 + 40 = 200 ticks = 2 s; idle and waiting do not count.
        string file = Stat("cpu  100 0 50 9000 700 5 5 40 33 0");
        double own = 10;
        HostLoad load = new(() => own, cores: 2, file);

        // 4 s later 3 s more of work, 1 s of it stolen by the host's other guests; 2 s of it are the engine's.
        Stat("cpu  250 0 100 9200 700 5 5 140 33 0");
        own = 12;

        Assert.Equal(0.25, load.OtherCores(4)!.Value, 1e-9);
    }

    [Theory]
    [InlineData(0.25, 2, 2, true)]
    [InlineData(0.19, 2, 2, false)]
    [InlineData(10.0, 64, 32, false)]
    [InlineData(40.0, 64, 32, true)]
    [InlineData(1.1, 2, 1, false)]
    [InlineData(1.3, 2, 1, true)]
    public void Objection_IsRaised_WhenOthersTakeMoreThanTheEngineLeaves(double others, int cores, int threads, bool isRaised)
    {
        HostLoad load = new(() => 0, cores, Stat("cpu 1 1 1 1 1 1 1 1 0 0"));

        Assert.Equal(isRaised ? "host-busy" : null, load.ReasonAgainst(others, threads)?.Code);
    }

    [Fact]
    public void OtherCores_IsNotKnown_WithoutTheKernelsCount()
    {
        HostLoad load = new(() => 0, cores: 2, folder.PathOf("nothing"));

        Assert.Null(load.OtherCores(1));
        Assert.Null(load.ReasonAgainst(load.OtherCores(1), 2));
    }

    public void Dispose() => folder.Dispose();

    private string Stat(string line) => folder.Write("stat", line + "\ncpu0 1 2 3 4 5 6 7 8 9 0\n");
}
