using System.Net;
using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Remote;

public class PrometheusSourceTests
{
    private const string Dcgm = """
        # HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
        # TYPE DCGM_FI_DEV_POWER_USAGE gauge
        DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-a",modelName="NVIDIA H100",Hostname="n\"1"} 412.5
        DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-b",GPU_I_ID="1",GPU_I_PROFILE="1g.10gb"} 300
        DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-b",GPU_I_ID="2",GPU_I_PROFILE="1g.10gb"} 300
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="0",UUID="GPU-a"} 5000000
        DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu="1",UUID="GPU-b",GPU_I_ID="1"} 7000000
        DCGM_FI_DEV_SM_CLOCK{gpu="0",UUID="GPU-a"} 1980
        broken{line 5
        up 1
        """;

    private static readonly Uri Address = new("http://exporter:9400/metrics");

    [Fact]
    public void Connect_FindsEachBoardOnce_WhenTheExporterRepeatsItForEachInstance()
    {
        using MeterCatalog catalog = Connect(() => Dcgm, PrometheusTarget.Dcgm(Address));

        MeterDescription[] meters = [.. Assert.Single(catalog.Sources).Meters];

        Assert.Equal(4, meters.Length);
        Assert.Equal(
            ["GPU-a at exporter", "GPU-b at exporter", "GPU-a at exporter", "GPU-b at exporter"], meters.Select(meter => meter.Device));
        Assert.Equal([false, false, true, true], meters.Select(meter => meter.IsCounter));
        Assert.Contains("whole board", meters[1].Note, StringComparison.Ordinal);
        Assert.Null(meters[0].Note);
    }

    [Fact]
    public void Connect_FindsEachGpuOnce_WhenHostsOfSeveralNamesShowIt()
    {
        Uri other = new("http://alias:9400/metrics");
        using MeterCatalog catalog = Connect(() => Dcgm, [.. PrometheusTarget.Dcgm(Address), .. PrometheusTarget.Dcgm(other)]);

        // Both pages show the same two GPUs, with power and a counter: eight meters of two devices.
        Assert.Equal(8, catalog.Meters.Count);
        Assert.Equal(["GPU-a at exporter", "GPU-b at exporter"], catalog.Meters.Select(meter => meter.Device).Distinct());
    }

    [Fact]
    public void Connect_Refuses_WhenOnePageHasTwoNames()
    {
        PrometheusTarget[] targets = [.. new[] { "127.0.0.1", "localhost" }.Select(host => new PrometheusTarget(
            new Uri($"http://{host}:9400/metrics"), "DCGM_FI_DEV_SM_CLOCK", MeterScope.Node, MetricUnit.Watts))];

        InvalidInputException refusal = Assert.Throws<InvalidInputException>(() => Connect(() => Dcgm, targets));

        Assert.Equal(
            "meters: got http://localhost:9400/metrics beside http://127.0.0.1:9400/metrics, which leads to the same host, "
            + "want each page once",
            Assert.Single(refusal.Problems).ToString());
    }

    [Fact]
    public void Read_ConvertsUnits_AndReportsWhatVanished()
    {
        string text = Dcgm;
        using MeterCatalog catalog = Connect(() => text, PrometheusTarget.Dcgm(Address));
        ReadingBatch batch = new(() => 0);

        catalog.Sources[0].Read(batch);
        Assert.Equal([412.5, 300, 5000, 7000], batch.Readings.Select(reading => reading.Value!.Value));

        text = "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-a\"} NaN\n";
        batch.Clear();
        catalog.Sources[0].Read(batch);
        Assert.Equal(1, batch.Readings.Count(reading => reading.Failure is null && reading.Value is double.NaN));
        Assert.Equal(3, batch.Readings.Count(reading => reading.Failure?.Code == "scrape-failed"));
    }

    [Fact]
    public void Read_ReportsTheFailure_WhenTheExporterAnswersWithAnError()
    {
        bool isUp = true;
        using MeterCatalog catalog = Connect(
            () => isUp ? Dcgm : throw new HttpRequestException("connection refused"), PrometheusTarget.Dcgm(Address));
        isUp = false;
        ReadingBatch batch = new(() => 0);

        catalog.Sources[0].Read(batch);

        Assert.All(batch.Readings, reading => Assert.Contains("connection refused", reading.Failure!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Connect_IsUnavailable_WhenTheMetricIsNotThere()
    {
        PrometheusTarget target = new(Address, "no_such", MeterScope.Node, MetricUnit.Watts);

        UnavailableException exception = Assert.Throws<UnavailableException>(() => Connect(() => Dcgm, [target]));

        Assert.Contains("none of no_such", exception.Message, StringComparison.Ordinal);
    }

    private static MeterCatalog Connect(Func<string> text, IReadOnlyList<PrometheusTarget> targets) => FakeMachine.Discover(
        FakeMachine.With(http: () => new TextHandler(text)), new MeterOptions { UsesThisMachine = false, Prometheus = targets });

    private sealed class TextHandler(Func<string> text) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(HttpStatusCode.OK) { Content = new StringContent(text()) };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
