using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;
using GreenServe.Records.Runs;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Servers;

/// <summary>Reads a server's Prometheus metrics once a second into the record.</summary>
public sealed class MetricsScraper : IAsyncDisposable
{
    private const long LargestAnswerBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly HttpClient client;
    private readonly Uri address;
    private readonly RunClock clock;
    private readonly RunRecordWriter record;
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, (double First, double Last)> values = [];
    private readonly Task scraping;
    private int scrapes;
    private int failures;
    private string? error;

    private MetricsScraper(Uri address, RunClock clock, RunRecordWriter record)
    {
        this.address = address;
        this.clock = clock;
        this.record = record;
        client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(5),
            MaxResponseContentBufferSize = LargestAnswerBytes,
        };
        scraping = ScrapeAsync();
    }

    /// <summary>Starts scraping. A server without metrics is no failure: the outcome says why there are none.</summary>
    /// <param name="address">Where the metrics are, for example <c>http://127.0.0.1:8000/metrics</c>.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="record">Where the values go.</param>
    public static MetricsScraper Start(Uri address, RunClock clock, RunRecordWriter record) => new(address, clock, record);

    /// <summary>Scrapes a last time and says what was seen.</summary>
    public async Task<ScrapeOutcome> StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await scraping.ConfigureAwait(false);
        await ScrapeOnceAsync().ConfigureAwait(false);
        return new ScrapeOutcome(scrapes, failures, values.Count == 0 ? error ?? "the server exposes none of the metrics that are kept" : null, Change(ServerMetricNames.IsPrefixQuery), Change(ServerMetricNames.IsPrefixHit));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await scraping.ConfigureAwait(false);
        client.Dispose();
        stop.Dispose();
    }

    private async Task ScrapeAsync()
    {
        using PeriodicTimer timer = new(Interval, clock.Provider);
        do
        {
            await ScrapeOnceAsync().ConfigureAwait(false);
        }
        while (await NextAsync(timer).ConfigureAwait(false));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ScrapeOnceAsync()
    {
        double before = clock.Seconds;
        try
        {
            string text = await client.GetStringAsync(address).ConfigureAwait(false);

            // The server read its counters somewhere in between.
            double seconds = (before + clock.Seconds) / 2;
            scrapes++;
            foreach (PrometheusSeries series in PrometheusText.Series(text, ServerMetricNames.IsKept).Where(series => double.IsFinite(series.Value)))
            {
                record.Add(new ServerMetric(series.Text, seconds, series.Value));
                values[series.Text] = (values.TryGetValue(series.Text, out (double First, double Last) seen) ? seen.First : series.Value, series.Value);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            failures++;
            error = ErrorText.Clean(exception.Message);
        }
    }

    /// <summary>Growth of the counters of a kind over the run; <c>null</c> if there is none.</summary>
    private double? Change(Func<string, bool> isWanted)
    {
        (double First, double Last)[] found = [.. values.Where(pair => isWanted(pair.Key)).Select(pair => pair.Value)];
        return found.Length > 0 ? found.Sum(value => value.Last - value.First) : null;
    }
}
