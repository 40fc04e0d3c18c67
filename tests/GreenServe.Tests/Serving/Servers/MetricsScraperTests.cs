using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Serving.Servers;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.Servers;

public sealed class MetricsScraperTests
{
    [Fact]
    public async Task Stop_LeavesTheServersOwnNumbersInTheRecord()
    {
        using TemporaryFolder folder = new();
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        RunClock clock = RunClock.Start(TimeProvider.System);
        ScrapeOutcome outcome;
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest()))
        {
            await using MetricsScraper scraper = MetricsScraper.Start(new Uri(server.Address, "/metrics"), clock, writer);
            outcome = await scraper.StopAsync();
            writer.Complete(manifest => manifest);
        }

        IReadOnlyList<ServerMetric> metrics = RunRecord.Read(folder.PathOf("run")).ServerMetrics;
        Assert.Null(outcome.NotScraped);
        Assert.Equal(0, outcome.Counters["server_scrapes_failed"]);
        Assert.Contains(metrics, metric => metric.Name == "vllm:num_requests_running{model_name=\"simulated\"}");
        Assert.All(metrics, metric => Assert.InRange(metric.Seconds, 0, clock.Seconds));
    }

    [Fact]
    public async Task Stop_SaysWhyThereIsNothing_WhenTheServerCannotBeReached()
    {
        using TemporaryFolder folder = new();
        using RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("run"), ServedRun.Manifest());
        await using MetricsScraper scraper = MetricsScraper.Start(
            new Uri("http://127.0.0.1:9/metrics"), RunClock.Start(TimeProvider.System), writer);

        ScrapeOutcome outcome = await scraper.StopAsync();

        Assert.NotNull(outcome.NotScraped);
        Assert.Empty(outcome.Reasons(ServedRun.Schedule(3)));
    }
}
