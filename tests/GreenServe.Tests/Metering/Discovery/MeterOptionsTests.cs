using GreenServe.Metering.Discovery;
using GreenServe.Metering.Models;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Measurements;

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
        PrometheusTarget outlet = new(new Uri("http://pdu/metrics"), "outlet_watts", MeterScope.Node, MetricUnit.Watts);
        Assert.Equal(outlet, options.Prometheus[2]);
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
    [InlineData("prometheus=http://x,metric={a=\"b\"},scope=node,unit=watts")]
    [InlineData("prometheus=http://x,metric=a{b=\"c},scope=node,unit=watts")]
    [InlineData("prometheus=http://x,metric=a{b},scope=node,unit=watts")]
    [InlineData("prometheus=http://x,metric=a,scope=node,unit=watts,ceiling=0")]
    [InlineData("prometheus=http://x,metric=a,scope=node,unit=watts,ceiling=NaN")]
    [InlineData("prometheus=http://x,metric=a_microwatts,scope=node,unit=watts")]
    [InlineData("prometheus=http://x,metric=a_joules_total,scope=node,unit=watts")]
    [InlineData("prometheus=http://x,metric=a,metric=b,scope=node,unit=watts")]
    [InlineData("model=gpu")]
    [InlineData("model=gpu,tdp=-1")]
    [InlineData("model=gpu,tdp=100,idle=200")]
    [InlineData("model=disk,tdp=10")]
    public void Parse_RefusesWhatItDoesNotKnow(string text) =>
        Assert.Single(Assert.Throws<InvalidInputException>(() => MeterOptions.Parse([text])).Problems);

    [Fact]
    public void Parse_ReadsASelector_WithCommasAndBracesInItsValues()
    {
        MeterOptions options = MeterOptions.Parse(
            ["prometheus=http://pdu/metrics,metric=outlet_watts{name=\"a, b}\",outlet=~\"3|4\"},scope=node,unit=watts,ceiling=600000"]);

        PrometheusTarget target = Assert.Single(options.Prometheus);
        Assert.Equal("outlet_watts", target.Metric);
        Assert.Equal("{name=\"a, b}\",outlet=~\"3|4\"}", target.Selector.ToString());
        Assert.Equal(600_000, target.CeilingWatts);
    }

    [Fact]
    public void Parse_NamesTheUnitOfTheMetric_WhenAnotherIsGiven()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => MeterOptions.Parse(
            ["prometheus=http://x,metric=scaph_host_power_microwatts,scope=node,unit=watts"]));

        Assert.EndsWith(
            "want unit=microwatts, the unit that the name scaph_host_power_microwatts states",
            Assert.Single(exception.Problems).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NamesEveryProblem_AtOnce() =>
        Assert.Equal(2, Assert.Throws<InvalidInputException>(() => MeterOptions.Parse(["nonsense", "samples", "gpu="])).Problems.Count);
}
