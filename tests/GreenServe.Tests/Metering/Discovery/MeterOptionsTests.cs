using GreenServe.Metering;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Machine;
using GreenServe.Metering.Models;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Metering.Fakes;

namespace GreenServe.Tests.Metering.Discovery;

public class MeterOptionsTests
{
    [Fact]
    public void Parse_ReadsEveryKind()
    {
        MeterOptions options = MeterOptions.Parse(
        [
            "gpu=0,2", "only=gpu,cpu-package", "samples", "remote=http://node1:9490", "dcgm=http://node1:9400/metrics",
            "prometheus=http://pdu/metrics,metric=outlet_watts,scope=node,unit=watts", "model=cpu,tdp=205,idle=60",
        ]);

        Assert.Equal("0,2", options.Gpus);
        Assert.Equal([MeterScope.Gpu, MeterScope.CpuPackage], options.Scopes!);
        Assert.True(options.WithPowerSamples);
        Assert.Equal(new Uri("http://node1:9490"), Assert.Single(options.Remotes));
        Assert.Equal(3, options.Prometheus.Count);
        Assert.Equal(new PrometheusTarget(new Uri("http://pdu/metrics"), "outlet_watts", MeterScope.Node, null), options.Prometheus[2]);
        Assert.Equal(new UtilizationPowerModel(MeterScope.CpuPackage, 205, 60), Assert.Single(options.Models));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("gpu=")]
    [InlineData("only=gpu,wrong")]
    [InlineData("remote=node1:9490")]
    [InlineData("dcgm=ftp://x")]
    [InlineData("prometheus=http://x,metric=a,scope=node")]
    [InlineData("prometheus=http://x,metric=a,scope=node,unit=kWh")]
    [InlineData("prometheus=http://x,metric=a,metric=b,scope=node,unit=watts")]
    [InlineData("model=gpu")]
    [InlineData("model=gpu,tdp=-1")]
    [InlineData("model=gpu,tdp=100,idle=200")]
    [InlineData("model=disk,tdp=10")]
    public void Parse_RefusesWhatItDoesNotKnow(string text) =>
        Assert.Single(Assert.Throws<InvalidInputException>(() => MeterOptions.Parse([text])).Problems);

    [Fact]
    public void Parse_NamesEveryProblem_AtOnce() =>
        Assert.Equal(2, Assert.Throws<InvalidInputException>(() => MeterOptions.Parse(["nonsense", "samples", "gpu="])).Problems.Count);

    [Fact]
    public void Discover_MarksAModelAsEstimated_AndNeverUsesOneUnasked()
    {
        using TemporaryFolder host = new();
        host.Write("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\n");
        MachineAccess machine = FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu()), host.Root);

        using MeterCatalog asked = FakeMachine.Discover(machine, new MeterOptions { Models = [new(MeterScope.Gpu, 700, 70), new(MeterScope.CpuPackage, 200, 50)] });
        using MeterCatalog unasked = FakeMachine.Discover(machine);

        Assert.DoesNotContain(unasked.Meters, meter => meter.IsEstimated);
        Assert.Equal(["gpu0.estimated", "cpu.estimated"], asked.Meters.Where(meter => meter.IsEstimated).Select(meter => meter.Name));

        ReadingBatch batch = new(() => 0);
        asked.Sources.Single(source => source.Name == "gpu0.estimated").Read(batch);
        host.Write("proc/stat", "cpu  130 0 120 850 0 0 0 0 0 0\n");
        asked.Sources.Single(source => source.Name == "cpu.estimated").Read(batch);

        // 50 % busy of 70 to 700 W; then 50 of 100 ticks busy of 50 to 200 W.
        Assert.Equal([385, 125], batch.Readings.Select(reading => reading.Value));
    }

    [Fact]
    public void Discover_KeepsOnlyTheScopesAsked()
    {
        using MeterCatalog catalog = FakeMachine.Discover(
            FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu())), new MeterOptions { Scopes = [MeterScope.Dram] });

        Assert.DoesNotContain(catalog.Sources, source => source.Meters.Count > 0);
    }

    [Fact]
    public void Discover_LooksAtNothing_WhenNoMeterIsWanted()
    {
        using MeterCatalog catalog = FakeMachine.Discover(FakeMachine.With(new FakeNvml(TimeProvider.System, new FakeGpu())), MeterOptions.None);

        Assert.Empty(catalog.Meters);
    }
}
