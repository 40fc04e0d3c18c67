using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class MetricBandsTests
{
    [Fact]
    public void Throughput_EndsAtTheNumber_InAnOpenLoop()
    {
        using TemporaryFolder folder = new();
        RunMetrics closed = RunMetrics.Of(
            new SyntheticRun { ErrorBands = SyntheticRun.SomeBands }.WriteAndRead(folder.PathOf("run")));
        RunMetrics open = closed with { Manifest = closed.Manifest with { Concurrency = null } };

        Assert.Equal((0.8, 1.3), Ends(MetricBands.Throughput(closed)));
        Assert.Equal((0.8, 1.0), Ends(MetricBands.Throughput(open)));
    }

    [Fact]
    public void Band_IsAbsent_InARecordWithoutOne()
    {
        using TemporaryFolder folder = new();
        RunMetrics run = RunMetrics.Of(new SyntheticRun().WriteAndRead(folder.PathOf("run")));

        Assert.All(MetricCatalog.All, metric => Assert.Null(metric.Band?.Invoke(run)));
    }

    [Theory]
    [InlineData("ttft_p99_seconds")]
    [InlineData("peak_watts")]
    [InlineData("idle_joules_per_output_token")]
    [InlineData("slo_attainment")]
    public void Band_IsAbsent_WhereErrorsWereNeverCompared(string metric) => Assert.Null(MetricCatalog.Of(metric).Band);

    private static (double Low, double High) Ends(ErrorBand? band) => (band!.LowFactor, band.HighFactor);
}
