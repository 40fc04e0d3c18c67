using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Rapl;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Rapl;

/// <summary>What RAPL offers on hosts of many kinds: through the power capping tree, through perf events, or not at all.</summary>
public sealed class RaplDiscoveryTests : IDisposable
{
    private readonly TemporaryFolder host = new();

    public void Dispose() => host.Dispose();

    [Fact]
    public void Open_NamesEveryZone_OfATwoSocketServer()
    {
        Zone("intel-rapl:0", "package-0", 1_000_000);
        Zone("intel-rapl:0:0", "core", 500_000);
        Zone("intel-rapl:0:1", "dram", 200_000);
        Zone("intel-rapl:1", "package-1", 2_000_000);
        Zone("intel-rapl:1:0", "dram", 300_000);
        Zone("intel-rapl:2", "psys", 9_000_000);
        Zone("intel-rapl:3", "psys", 9_000_000);

        (RaplSource? source, IReadOnlyList<MeterDescription> missing) = RaplSource.Open(new SystemFiles(host.Root));

        Assert.Equal(
            [
                ("rapl.package-0", MeterScope.CpuPackage),
                ("rapl.package-0.core", MeterScope.CpuCore),
                ("rapl.package-0.dram", MeterScope.Dram),
                ("rapl.package-1", MeterScope.CpuPackage),
                ("rapl.package-1.dram", MeterScope.Dram),
                ("rapl.psys", MeterScope.Psys),
            ],
            source!.Meters.Select(meter => (meter.Name, meter.Scope)));
        Assert.Contains("counted once", Assert.Single(missing).NotMeasured, StringComparison.Ordinal);
        source.Dispose();
    }

    [Fact]
    public void Open_LeavesOutTheSecondView_WhenTheMemoryMappedZoneRepeatsThePackage()
    {
        Zone("intel-rapl:0", "package-0", 1_000_000);
        Zone("intel-rapl-mmio:0", "package-0", 1_000_000);

        (RaplSource? source, IReadOnlyList<MeterDescription> missing) = RaplSource.Open(new SystemFiles(host.Root));

        Assert.Equal("rapl.package-0", Assert.Single(source!.Meters).Name);
        Assert.Contains("repeats rapl.package-0", Assert.Single(missing).NotMeasured, StringComparison.Ordinal);
        source.Dispose();
    }

    [Fact]
    public void Open_KeepsTheDiesApart_WhenAPackageHasSeveral()
    {
        Zone("intel-rapl:0", "package-0-die-0", 1);
        Zone("intel-rapl:1", "package-0-die-1", 1);

        (RaplSource? source, _) = RaplSource.Open(new SystemFiles(host.Root));

        Assert.Equal(["package-0-die-0", "package-0-die-1"], source!.Meters.Select(meter => meter.Device));
        source.Dispose();
    }

    [Fact]
    public void Read_GivesJoulesSinceTheFirstReading_AndFollowsAWrap()
    {
        Zone("intel-rapl:0", "package-0", 262_143_000_000, rangeMicrojoules: 262_143_328_850);
        (RaplSource? source, _) = RaplSource.Open(new SystemFiles(host.Root));
        double now = 0;
        ReadingBatch batch = new(() => now);

        source!.Read(batch);
        now = 1;
        host.Write("sys/class/powercap/intel-rapl:0/energy_uj", "99671150\n");
        source.Read(batch);

        Assert.Equal([0, 100], batch.Readings.Select(reading => Math.Round(reading.Value!.Value, 6)));
        source.Dispose();
    }

    [Fact]
    public void Read_FailsWithoutANumber_WhenTheFileIsEmptied()
    {
        Zone("intel-rapl:0", "package-0", 1);
        (RaplSource? source, _) = RaplSource.Open(new SystemFiles(host.Root));
        host.Write("sys/class/powercap/intel-rapl:0/energy_uj", "");
        ReadingBatch batch = new(() => 0);

        source!.Read(batch);

        Assert.Equal("not-a-number", Assert.Single(batch.Readings).Failure!.Code);
        source.Dispose();
    }

    [Fact]
    public void Open_RefusesAZone_WhenItsRangeCannotBeRead()
    {
        host.Write("sys/class/powercap/intel-rapl:0/name", "package-0\n");
        host.Write("sys/class/powercap/intel-rapl:0/energy_uj", "5\n");

        (RaplSource? source, IReadOnlyList<MeterDescription> missing) = RaplSource.Open(new SystemFiles(host.Root));

        Assert.Null(source);
        Assert.Contains("max_energy_range_uj", Assert.Single(missing).NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_GivesTheExactRemedy_WhenOnlyRootMayRead()
    {
        Zone("intel-rapl:0", "package-0", 1);

        using MeterCatalog catalog = FakeMachine.Discover(Locked(new FakePerfEvents { Refusal = 13 }));

        string why = Assert.Single(catalog.NotMeasured, meter => meter.Name == "rapl.package-0").NotMeasured!;
        Assert.Contains("sudo chmod a+r /sys/class/powercap/*rapl*/energy_uj", why, StringComparison.Ordinal);
        Assert.Contains("kernel.perf_event_paranoid=0", why, StringComparison.Ordinal);
        Assert.Contains("cap_perfmon", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_TakesPerfEvents_WhenPermissionAllowsOnlyThem()
    {
        Zone("intel-rapl:0", "package-0", 1);
        Zone("intel-rapl:1", "package-1", 1);
        host.Write("sys/bus/event_source/devices/power/type", "21\n");
        host.Write("sys/bus/event_source/devices/power/cpumask", "0,28\n");
        host.Write("sys/bus/event_source/devices/power/events/energy-pkg", "event=0x02\n");
        host.Write("sys/bus/event_source/devices/power/events/energy-pkg.scale", "2.3283064365386962890625e-10\n");
        host.Write("sys/bus/event_source/devices/power/events/energy-psys", "event=0x05\n");
        host.Write("sys/bus/event_source/devices/power/events/energy-psys.scale", "2.3283064365386962890625e-10\n");
        FakePerfEvents perf = new() { IsAllowed = true };

        using MeterCatalog catalog = FakeMachine.Discover(Locked(perf));

        Assert.Equal([(21u, 2ul, 0), (21u, 2ul, 28), (21u, 5ul, 0)], perf.Opened);
        IMeterSource source = Assert.Single(catalog.Sources);
        Assert.Equal(["rapl.package-0", "rapl.package-1", "rapl.psys"], source.Meters.Select(meter => meter.Name));
        Assert.DoesNotContain(catalog.NotMeasured, meter => meter.Name.StartsWith("rapl.package", StringComparison.Ordinal));

        // 2^32 counts of 2^-32 J are one joule.
        perf.Counts[0] = 5UL << 32;
        perf.Counts[1] = null;
        ReadingBatch batch = new(() => 0);
        source.Read(batch);
        Assert.Equal(5, batch.Readings[0].Value!.Value, 9);
        Assert.Equal("read-failed", batch.Readings[1].Failure!.Code);
    }

    [Theory]
    [InlineData(true, "virtual machine")]
    [InlineData(false, "modprobe intel_rapl_msr")]
    public void Discover_SaysWhyThereIsNoRapl(bool isVirtual, string words)
    {
        host.Write("proc/cpuinfo", $"processor\t: 0\nflags\t\t: fpu sse{(isVirtual ? " hypervisor" : "")} avx2\n");

        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(root: host.Root));

        MeterDescription package = Assert.Single(catalog.NotMeasured, meter => meter.Scope == MeterScope.CpuPackage);
        Assert.Contains(words, package.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_Warns_WhenRaplIsSeenInsideAVirtualMachine()
    {
        host.Write("proc/cpuinfo", "flags\t\t: fpu hypervisor\n");
        Zone("intel-rapl:0", "package-0", 1);

        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(root: host.Root));

        Assert.Contains("not to be trusted", Assert.Single(catalog.Sources).Meters[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_KeepsTheScopesWanted_OfMetersThatAreReadTogether()
    {
        Zone("intel-rapl:0", "package-0", 7_000_000);
        Zone("intel-rapl:0:0", "dram", 3_000_000);

        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(root: host.Root), new MeterOptions { Gpus = "none", Scopes = [MeterScope.Dram] });
        IMeterSource source = Assert.Single(catalog.Sources);
        ReadingBatch batch = new(() => 0);
        source.Read(batch);
        Zone("intel-rapl:0:0", "dram", 5_000_000);
        batch.Clear();
        source.Read(batch);

        // 2 J more than at the first read. The reading of the package is left out and not shown under another name.
        Assert.Equal(["rapl.package-0.dram"], source.Meters.Select(meter => meter.Name));
        ReadingBatch.MeterReading reading = Assert.Single(batch.Readings);
        Assert.Equal((0, 2.0), (reading.Meter, reading.Value!.Value));
    }

    private MachineAccess Locked(IPerfEvents perf) => FakeMachine.With(root: host.Root, perf: perf) with
    {
        Files = new SystemFiles(host.Root) { OpenNumber = path => throw new UnauthorizedAccessException(path) },
    };

    private void Zone(string folder, string name, long microjoules, long rangeMicrojoules = 262_143_328_850)
    {
        host.Write($"sys/class/powercap/{folder}/name", name + "\n");
        host.Write($"sys/class/powercap/{folder}/energy_uj", $"{microjoules}\n");
        host.Write($"sys/class/powercap/{folder}/max_energy_range_uj", $"{rangeMicrojoules}\n");
    }
}
