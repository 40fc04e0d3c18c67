using System.Net;
using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Remote;

/// <summary>Which series of an exporter's metric are devices whose joules may be added, and which are refused.</summary>
public class PrometheusDevicesTests
{
    /// <summary>One package of 100 W, of which cores 60 W and uncore 5 W; memory 20 W beside it; 150 W hold them all.</summary>
    private const string Zones = """
        energy_joules_total{host="n1",path="/powercap/intel-rapl:0",zone="package"} 1000
        energy_joules_total{host="n1",path="/powercap/intel-rapl:0:0",zone="core"} 600
        energy_joules_total{host="n1",path="/powercap/intel-rapl:0:1",zone="dram"} 200
        energy_joules_total{host="n1",path="/powercap/intel-rapl:0:2",zone="uncore"} 50
        energy_joules_total{host="n1",path="/powercap/intel-rapl:1",zone="psys"} 1500
        """;

    private const string Outlets = """
        outlet_watts{outlet="3",name="left, rack {1}"} 500
        outlet_watts{outlet="4",name="right"} 900
        """;

    [Fact]
    public void Connect_RefusesZonesThatContainEachOther_AndNamesTheSelector()
    {
        string problem = Refusal(Zones, "metric=energy_joules_total,scope=cpu-package,unit=joules");

        Assert.Contains(
            "got zone=\"package\", zone=\"core\", zone=\"dram\", zone=\"uncore\", zone=\"psys\"", problem, StringComparison.Ordinal);
        Assert.EndsWith(
            "one zone, because zones contain each other, for example 'metric=energy_joules_total{zone=\"package\"}'",
            problem,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{zone=\"package\"}", "cpu-package", 1000)]
    [InlineData("{zone=\"dram\"}", "dram", 200)]
    [InlineData("{zone=~\"psys\",host=\"n1\"}", "psys", 1500)]
    [InlineData("{zone!~\"core|uncore|dram|psys\"}", "cpu-package", 1000)]
    public void Connect_TakesTheZoneThatIsSelected(string selector, string scope, double joules) =>
        Assert.Equal([joules], Values(Zones, $"metric=energy_joules_total{selector},scope={scope},unit=joules"));

    [Theory]
    [InlineData("{zone=~\"package|psys\"}", "cpu-package")]
    [InlineData("{zone=~\"package|dram\"}", "node")]
    [InlineData("{zone=\"psys\"}", "cpu-package")]
    public void Connect_RefusesZonesOfAnotherScope_EvenWhenTheyAreSelected(string selector, string scope) =>
        Assert.Contains(
            "got zone=", Refusal(Zones, $"metric=energy_joules_total{selector},scope={scope},unit=joules"), StringComparison.Ordinal);

    [Fact]
    public void Connect_RefusesOutletsThatNobodyChose_BecauseTheyMayFeedOtherMachines()
    {
        string problem = Refusal(Outlets, "metric=outlet_watts,scope=node,unit=watts");

        Assert.Contains("2 series with ", problem, StringComparison.Ordinal);
        Assert.Contains("'metric=outlet_watts{name=\"left, rack {1}\"}'", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{outlet=\"3\"}", 500)]
    [InlineData("{name=\"left, rack {1}\"}", 500)]
    [InlineData("{outlet=~\"3|4\"}", 1400)]
    [InlineData("{outlet!=\"9\"}", 1400)]
    public void Connect_AddsTheOutletsThatWereChosen(string selector, double watts) =>
        Assert.Equal(watts, Values(Outlets, $"metric=outlet_watts{selector},scope=node,unit=watts").Sum());

    [Theory]
    [InlineData("gpu=\"0\"", "gpu=\"1\"")]
    [InlineData("index=\"0\",path=\"a\"", "index=\"1\",path=\"b\"")]
    [InlineData("pci_bdf=\"0000:91:00.0\",model=\"x\"", "pci_bdf=\"0000:92:00.0\",model=\"y\"")]
    [InlineData("mode=\"dynamic\",package=\"0\"", "mode=\"idle\",package=\"0\"")]
    [InlineData("zone=\"package-0\"", "zone=\"package-1\"")]
    public void Connect_AddsDevices_WhenLabelsThatNameDevicesTellThemApart(string one, string other)
    {
        string page = $"m{{{one}}} 30\nm{{{other}}} 70\n";

        Assert.Equal([30.0, 70.0], Values(page, "metric=m,scope=cpu-package,unit=joules"));
    }

    [Theory]
    [InlineData("sensor=\"a\"", "sensor=\"b\"")]
    [InlineData("gpu=\"0\"", "gpu=\"0\",tile=\"1\"")]
    [InlineData("gpu=\"0\"", "")]
    [InlineData("gpu=\"0\"", "gpu=\"all\"")]
    [InlineData("gpu=\"0\"", "gpu=\"total\"")]
    [InlineData("mode=\"dynamic\"", "mode=\"all of it\"")]
    [InlineData("gpu=\"0\",pod=\"a\"", "gpu=\"0\",pod=\"b\"")]
    public void Connect_RefusesSeries_WhenNothingSaysThatTheyAreDevices(string one, string other) =>
        Assert.Contains(
            "2 series with ", Refusal($"m{{{one}}} 30\nm{{{other}}} 70\n", "metric=m,scope=gpu,unit=watts"), StringComparison.Ordinal);

    [Fact]
    public void Connect_CountsOneCounterOnce_WhenTwoDiesShowIt()
    {
        string page = "m_joules{index=\"0\"} 123456.789\nm_joules{index=\"1\"} 123456.789\nm_joules{index=\"2\"} 5\n";
        using MeterCatalog catalog = Connect(() => page, "metric=m_joules,scope=cpu-package,unit=joules");

        MeterDescription[] meters = [.. Assert.Single(catalog.Sources).Meters];
        Assert.Equal(["index=0 at exporter", "index=2 at exporter"], meters.Select(meter => meter.Device));
        Assert.Equal("one counter, shown also as index=1: it is counted once", meters[0].Note);

        // The two counters were equal by chance when the meter connected. A missing reading is better than half of one.
        page = "m_joules{index=\"0\"} 123524\nm_joules{index=\"1\"} 123500\nm_joules{index=\"2\"} 6\n";
        ReadingBatch batch = new(() => 0);
        catalog.Sources[0].Read(batch);
        Assert.Equal(("not-one-device", true), (batch.Readings[0].Failure!.Code, batch.Readings[0].Failure!.BreaksCounter));
        Assert.Equal(6, batch.Readings[1].Value);
    }

    [Fact]
    public void Connect_KeepsEqualGauges_BecauseWholeWattsAreOftenEqual() =>
        Assert.Equal([68.0, 68.0], Values("m{gpu=\"0\"} 68\nm{gpu=\"1\"} 68\n", "metric=m,scope=gpu,unit=watts"));

    [Theory]
    [InlineData(150e6, "node", "150000000 watts", "unit=microwatts would be 150 W")]
    [InlineData(150e3, "node", "150000 watts", "unit=milliwatts would be 150 W")]
    [InlineData(700e3, "gpu", "700000 watts", "at most 10000 W")]
    public void Connect_RefusesAUnit_InWhichTheDeviceWouldDrawTheImpossible(double value, string scope, string found, string hint)
    {
        string problem = Refusal(FormattableString.Invariant($"m {value}\n"), $"metric=m,scope={scope},unit=watts");

        Assert.Contains($"got {found}, want at most ", problem, StringComparison.Ordinal);
        Assert.Contains(hint, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_RefusesAUnitOfPower_WhenThePageCallsTheMetricACounter()
    {
        const string page = "# TYPE m counter\nm 200\n";

        Assert.Contains(
            "unit of m: got a unit of power, want a unit of energy",
            Refusal(page, "metric=m,scope=gpu,unit=watts"),
            StringComparison.Ordinal);
        Assert.Equal([200.0], Values(page, "metric=m,scope=gpu,unit=joules"));
    }

    [Fact]
    public void Connect_TakesAHigherCeiling_WhenTheUserStatesIt()
    {
        using MeterCatalog catalog = Connect(() => "rack_power 132000\n", "metric=rack_power,scope=node,unit=watts,ceiling=600000");

        Assert.Equal(600_000, Assert.Single(catalog.Sources[0].Meters).CeilingWatts);
    }

    [Theory]
    [InlineData("2147483632")]
    [InlineData("2147483635")]
    [InlineData("9223372036854775794")]
    [InlineData("140737488355328")]
    [InlineData("4294967295")]
    [InlineData("18446744073709551615")]
    public void Read_FailsAReading_ThatIsABlankValue(string blank)
    {
        string page = "m 5\n";
        using MeterCatalog catalog = Connect(() => page, "metric=m,scope=gpu,unit=millijoules");
        page = $"m {blank}\n";
        ReadingBatch batch = new(() => 0);

        catalog.Sources[0].Read(batch);

        Assert.Contains("blank value", Assert.Single(batch.Readings).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_LetsABlankPass_BecauseADeviceMayAnswerLater()
    {
        using MeterCatalog catalog = Connect(() => "m{gpu=\"0\"} 2147483632\n", "metric=m,scope=gpu,unit=watts");

        Assert.Single(catalog.Sources[0].Meters);
    }

    [Fact]
    public void Read_KeepsADevice_WhenAPodTakesIt()
    {
        string page = "m{gpu=\"0\",Hostname=\"n\"} 300\n";
        using MeterCatalog catalog = Connect(() => page, "metric=m,scope=gpu,unit=watts");
        page = "m{gpu=\"0\",Hostname=\"n\",namespace=\"default\",pod=\"vllm-0\",container=\"vllm\"} 310\n";
        ReadingBatch batch = new(() => 0);

        catalog.Sources[0].Read(batch);

        Assert.Equal(310, Assert.Single(batch.Readings).Value);
    }

    [Fact]
    public void Connect_TakesALocalGpuForTheSameDevice_SoThatItIsCountedOnce()
    {
        const string Page = "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-1\"} 300\n";
        MachineAccess machine = FakeMachine.With(
            new FakeNvml(TimeProvider.System, new FakeGpu { Uuid = "GPU-1" }), http: () => new PageHandler(() => Page));

        using MeterCatalog catalog = FakeMachine.Discover(machine, MeterOptions.Parse(["dcgm=http://exporter:9400/metrics"]));

        MeterDescription[] gpus = [.. catalog.Meters.Where(meter => meter.Scope == MeterScope.Gpu && meter.NotMeasured is null)];
        Assert.Contains(gpus, meter => meter.Name.StartsWith("exporter:", StringComparison.Ordinal));
        Assert.Equal("NVIDIA H200 (GPU 0)", Assert.Single(gpus.Select(meter => meter.Device).Distinct()));
    }

    [Fact]
    public void Connect_ShowsASeries_WhenTheSelectorMatchesNone()
    {
        UnavailableException exception = Assert.Throws<UnavailableException>(
            () => Connect(() => Outlets, "metric=outlet_watts{outlet=\"5\"},scope=node,unit=watts"));

        Assert.Contains("none of outlet_watts{outlet=\"5\"}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("it shows for example outlet_watts{outlet=\"3\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_KeepsTwoScopesOfOneMetricApart()
    {
        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(http: () => new PageHandler(() => Zones)),
            MeterOptions.Parse(
            [
                "none",
                "prometheus=http://exporter/metrics,metric=energy_joules_total{zone=\"package\"},scope=cpu-package,unit=joules",
                "prometheus=http://exporter/metrics,metric=energy_joules_total{zone=\"dram\"},scope=dram,unit=joules",
            ]));

        Assert.Equal([MeterScope.CpuPackage, MeterScope.Dram], Assert.Single(catalog.Sources).Meters.Select(meter => meter.Scope));
    }

    private static string Refusal(string page, string target) =>
        Assert.Single(Assert.Throws<InvalidInputException>(() => Connect(() => page, target)).Problems).ToString();

    private static double[] Values(string page, string target)
    {
        using MeterCatalog catalog = Connect(() => page, target);
        ReadingBatch batch = new(() => 0);
        Assert.Single(catalog.Sources).Read(batch);
        return [.. batch.Readings.Select(reading => reading.Value!.Value)];
    }

    private static MeterCatalog Connect(Func<string> page, string target) => FakeMachine.Discover(
        FakeMachine.With(http: () => new PageHandler(page)), MeterOptions.Parse(["none", $"prometheus=http://exporter/metrics,{target}"]));

    private sealed class PageHandler(Func<string> text) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(HttpStatusCode.OK) { Content = new StringContent(text()) };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
