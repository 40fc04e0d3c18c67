using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Workloads;

namespace GreenServe.Tests.Workloads;

public sealed class SloTextTests
{
    [Fact]
    public void Read_GivesTheLimits_WhenTheyAreInOneLine()
    {
        SloProfile slo = SloCatalog.Read("ttft_p99=400ms, tbt_p99.9=0.1s,e2e=2s");

        Assert.Equal("ttft_p99=400ms,tbt_p99.9=0.1s,e2e=2s", slo.Name);
        Assert.Equal(
            [
                new SloLimit { Metric = SloMetric.Ttft, Percentile = 99, LimitSeconds = 0.4 },
                new SloLimit { Metric = SloMetric.Tbt, Percentile = 99.9, LimitSeconds = 0.1 },
                new SloLimit { Metric = SloMetric.E2e, Percentile = 99, LimitSeconds = 2 },
            ],
            slo.Limits);
    }

    [Theory]
    [InlineData("ttft_p99=400", 1)]
    [InlineData("ttft_p0=4s", 1)]
    [InlineData("ttft_p101=4s", 1)]
    [InlineData("ttft_pNaN=4s", 1)]
    [InlineData("ttft=-4s", 1)]
    [InlineData("ttft=0ms", 1)]
    [InlineData("ttft=1=2s", 1)]
    [InlineData("speed=4s,tbt=,ttft=1s", 2)]
    [InlineData("=", 1)]
    public void Read_NamesEveryPart_WhenItIsNoLimit(string text, int problems) =>
        Assert.Equal(problems, Assert.Throws<InvalidInputException>(() => SloCatalog.Read(text)).Problems.Count);

    [Fact]
    public void Parse_TakesLimitsInOneLine_WhenAWorkloadFileHasThem()
    {
        Workload workload = WorkloadFile.Parse(
            """
            name: w
            purpose: a test
            source: this test
            model: m
            slo: ttft_p90=1s
            arrival: { kind: constant, requests_per_second: 1 }
            lengths: { kind: independent, input: { kind: fixed, tokens: 1 }, output: { kind: fixed, tokens: 1 } }
            requests: 1
            """,
            "w.workload.yaml");

        Assert.Equal(new SloLimit { Metric = SloMetric.Ttft, Percentile = 90, LimitSeconds = 1 }, Assert.Single(workload.Slo!.Limits));
    }
}
