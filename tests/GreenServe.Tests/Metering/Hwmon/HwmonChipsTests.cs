using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Hwmon;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Hwmon;

public sealed class HwmonChipsTests : IDisposable
{
    private readonly TemporaryFolder host = new();

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData("Module Power Socket 0", MeterScope.Module)]
    [InlineData("Grace Power Socket 0", MeterScope.CpuPackage)]
    [InlineData("CPU Power Socket 0", MeterScope.CpuCore)]
    [InlineData("SysIO Power Socket 0", MeterScope.CpuUncore)]
    public void Open_KnowsTheScope_OfGracesMeters(string label, MeterScope scope)
    {
        host.Write("sys/class/hwmon/hwmon3/device/name", "power_meter\n");
        host.Write("sys/class/hwmon/hwmon3/device/power1_oem_info", label + "\n");
        host.Write("sys/class/hwmon/hwmon3/device/power1_average", "125500000\n");
        host.Write("sys/class/hwmon/hwmon3/device/power1_average_interval", "50\n");
        host.Write("sys/class/hwmon/hwmon3/device/power1_accuracy", "2.5%\n");

        IMeterSource source = Assert.Single(HwmonChips.Open(new SystemFiles(host.Root)).Sources);

        MeterDescription meter = Assert.Single(source.Meters);
        Assert.Equal(scope, meter.Scope);
        Assert.Equal(0.05, meter.AveragingSeconds);
        Assert.Equal(0.025, meter.GainErrorRatio!.Value, 9);
        ReadingBatch batch = new(() => 0);
        source.Read(batch);
        Assert.Equal(125.5, Assert.Single(batch.Readings).Value!.Value, 9);
        source.Dispose();
    }

    [Fact]
    public void Open_TakesTheAverage_WhenAChipHasBothForOneChannel()
    {
        Chip("hwmon0", "amdgpu", ("power1_average", "40000000"), ("power1_input", "99000000"), ("power1_label", "PPT"));

        IMeterSource source = Assert.Single(HwmonChips.Open(new SystemFiles(host.Root)).Sources);

        MeterDescription meter = Assert.Single(source.Meters);
        Assert.Equal((MeterScope.Gpu, "hwmon averaged power (amdgpu)"), (meter.Scope, meter.Method));
        source.Dispose();
    }

    [Fact]
    public void Open_TakesTwoCardsForTwoDevices_AndEveryChannelOfACardForTheCard()
    {
        Chip("hwmon0", "amdgpu", ("power1_average", "40000000"), ("power1_label", "PPT"), ("energy1_input", "1"));
        Chip("hwmon1", "amdgpu", ("power1_average", "50000000"), ("power1_label", "PPT"));

        IMeterSource[] sources = [.. HwmonChips.Open(new SystemFiles(host.Root)).Sources];

        Assert.Equal(
            ["amdgpu (hwmon0)", "amdgpu (hwmon0)", "amdgpu (hwmon1)"],
            sources.SelectMany(source => source.Meters).Select(meter => meter.Device));
        Array.ForEach(sources, source => source.Dispose());
    }

    [Fact]
    public void Open_CallsARailARail_WhenTheChipDoesNotSayWhatItFeeds()
    {
        Chip("hwmon1", "ina226", ("power1_input", "1500000"), ("in1_input", "12000"));

        IMeterSource source = Assert.Single(HwmonChips.Open(new SystemFiles(host.Root)).Sources);

        Assert.Equal(MeterScope.Rail, Assert.Single(source.Meters).Scope);
        source.Dispose();
    }

    [Fact]
    public void Open_PassesOverChips_WithoutEnergyOrPower()
    {
        Chip("hwmon0", "coretemp", ("temp1_input", "40000"), ("power1_cap", "1"));

        Assert.Empty(HwmonChips.Open(new SystemFiles(host.Root)).Sources);
    }

    [Fact]
    public void Discover_CountsAnAmdPackageOnce_WhenRaplAndTheChipDriverBothShowIt()
    {
        Chip(
            "hwmon0",
            "amd_energy",
            ("energy1_input", "1000000"),
            ("energy1_label", "Ecore000"),
            ("energy2_input", "5000000"),
            ("energy2_label", "Esocket0"));
        host.Write("sys/class/powercap/intel-rapl:0/name", "package-0\n");
        host.Write("sys/class/powercap/intel-rapl:0/energy_uj", "5000000\n");
        host.Write("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "65532610987\n");

        using MeterCatalog both = FakeMachine.Discover(FakeMachine.With(root: host.Root));
        Directory.Delete(host.PathOf("sys/class/powercap"), recursive: true);
        using MeterCatalog chipAlone = FakeMachine.Discover(FakeMachine.With(root: host.Root));

        Assert.Equal("rapl", Assert.Single(both.Sources).Name);
        Assert.Equal(2, both.NotMeasured.Count(meter => meter.NotMeasured == "repeats the RAPL counters"));
        Assert.Equal([MeterScope.CpuCore, MeterScope.CpuPackage], Assert.Single(chipAlone.Sources).Meters.Select(meter => meter.Scope));
    }

    [Theory]
    [InlineData("")]
    [InlineData("N/A")]
    [InlineData("-1")]
    public void Read_FailsWithoutANumber_WhenTheFileHoldsNone(string text)
    {
        Chip("hwmon1", "ina226", ("power1_input", text));
        IMeterSource source = Assert.Single(HwmonChips.Open(new SystemFiles(host.Root)).Sources);
        ReadingBatch batch = new(() => 0);

        source.Read(batch);

        Assert.Equal("not-a-number", Assert.Single(batch.Readings).Failure!.Code);
        source.Dispose();
    }

    private void Chip(string folder, string name, params (string File, string Text)[] files)
    {
        host.Write($"sys/class/hwmon/{folder}/name", name + "\n");
        foreach ((string file, string text) in files)
        {
            host.Write($"sys/class/hwmon/{folder}/{file}", text + "\n");
        }
    }
}
