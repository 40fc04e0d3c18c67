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
}
