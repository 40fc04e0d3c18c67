using GreenServe.Records.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;
using GreenServe.Records.Runs;
using GreenServe.Serving.Streams;

namespace GreenServe.Serving.Servers;

/// <summary>Reads a server's Prometheus metrics into the run record, once a second.</summary>
public sealed class MetricsScraper : IAsyncDisposable
{
    /// <summary>Largest response that is read: 16 MB, more than any server's metrics and little memory.</summary>
    private const long MaxResponseBytes = 16 * 1024 * 1024;

    /// <summary>Time between two readings: servers refresh their own figures about as often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a response. A busy server may be late; the reading then counts as failed.</summary>
    private static readonly TimeSpan ResponseLimit = TimeSpan.FromSeconds(5);
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
        client = new HttpClient(DirectHttp.CreateHandler())
        {
            Timeout = ResponseLimit,
            MaxResponseContentBufferSize = MaxResponseBytes,
        };
        scraping = ScrapeAsync();
    }

    /// <summary>Starts to read. A server without metrics is not an error: the outcome says why there are none.</summary>
    /// <param name="address">Address of the metrics, for example <c>http://127.0.0.1:8000/metrics</c>.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="record">Receives the values while the load runs.</param>
    public static MetricsScraper Start(Uri address, RunClock clock, RunRecordWriter record) => new(address, clock, record);

    /// <summary>Reads the metrics a last time and tells what was seen over the run.</summary>
    public async Task<ScrapeOutcome> StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await scraping.ConfigureAwait(false);
        await ScrapeOnceAsync().ConfigureAwait(false);
        string? notScraped = values.Count > 0 ? null : error ?? "the server exposes none of the metrics that are kept";
        return new ScrapeOutcome(
            scrapes, failures, notScraped, Change(ServerMetricNames.IsPrefixQuery), Change(ServerMetricNames.IsPrefixHit));
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

            // The server read its counters at some time in between; the middle is off by at most half of it.
            double seconds = (before + clock.Seconds) / 2;
            scrapes++;
            IEnumerable<PrometheusSeries> kept = PrometheusText.Series(text, ServerMetricNames.IsKept);
            foreach (PrometheusSeries series in kept.Where(series => double.IsFinite(series.Value)))
            {
                record.Add(new ServerMetric(series.Text, seconds, series.Value));
                double first = values.TryGetValue(series.Text, out (double First, double Last) seen) ? seen.First : series.Value;
                values[series.Text] = (first, series.Value);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            failures++;
            error = ErrorText.Clean(exception.Message);
        }
    }

    /// <summary>Growth of all counters of a kind over the run; <c>null</c> where the server has no such counter.</summary>
    private double? Change(Func<string, bool> isWanted)
    {
        (double First, double Last)[] found = [.. values.Where(pair => isWanted(pair.Key)).Select(pair => pair.Value)];
        return found.Length > 0 ? found.Sum(value => value.Last - value.First) : null;
    }
}
