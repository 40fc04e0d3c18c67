using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>Power and energy scraped from an exporter once a second.</summary>
/// <remarks>
/// An exporter shows what it read at an interval of its own, often 15 to 30 s. The refresh period that is found says how old a value
/// may be.
/// </remarks>
internal sealed class PrometheusSource : IMeterSource
{
    /// <summary>The largest page that is read. A page of a large cluster has some megabytes; a larger one is no page of metrics.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    private const string UuidLabel = "UUID";

    /// <summary>The labels by which dcgm-exporter tells apart the instances of a divided GPU (MIG).</summary>
    private const string InstanceLabel = "GPU_I_ID";

    private const string InstanceProfileLabel = "GPU_I_PROFILE";

    private static readonly TimeSpan LongestScrape = TimeSpan.FromSeconds(5);

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly HashSet<string> metrics;
    private readonly Dictionary<(string Metric, string Device), Channel> channels = [];
    private readonly List<MeterDescription> meters = [];

    private PrometheusSource(HttpMessageHandler http, Uri address, IReadOnlyList<PrometheusTarget> targets)
    {
        client = new HttpClient(http) { Timeout = LongestScrape, MaxResponseContentBufferSize = MaxBytes };
        this.address = address;
        metrics = [.. targets.Select(target => target.Metric)];
        Name = $"prometheus.{address.Host}";
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters => meters;

    public SamplingNeed Need => SamplingNeed.EachSecond;

    /// <summary>Scrapes once to learn which series there are.</summary>
    /// <param name="address">The address of the page.</param>
    /// <param name="targets">The metrics wanted from it.</param>
    /// <param name="http">Makes the connections; disposed with the source.</param>
    /// <exception cref="UnavailableException">The exporter does not answer, or shows none of the metrics.</exception>
    internal static PrometheusSource Connect(Uri address, IReadOnlyList<PrometheusTarget> targets, HttpMessageHandler http)
    {
        PrometheusSource source = new(http, address, targets);
        try
        {
            source.Learn(targets);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            source.Dispose();
            throw new UnavailableException($"No metrics at {address}: {exception.Message}");
        }

        if (source.meters.Count == 0)
        {
            source.Dispose();
            string wanted = string.Join(", ", targets.Select(target => target.Metric));
            throw new UnavailableException($"{address} answers, but shows none of {wanted}");
        }

        return source;
    }

    public void Read(ReadingBatch batch)
    {
        HashSet<int> seen = [];
        try
        {
            foreach (PrometheusSeries series in Scrape())
            {
                if (channels.TryGetValue((series.Metric, DeviceOf(series)), out Channel channel) && seen.Add(channel.Meter))
                {
                    batch.Add(channel.Meter, series.Value * channel.Factor);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            FailRest(batch, seen, $"{address.Host}: {exception.Message}");
            return;
        }

        FailRest(batch, seen, $"{address.Host} no longer shows it");
    }

    public void Dispose() => client.Dispose();

    /// <summary>The device that a series is about, by the labels of dcgm-exporter where they are there.</summary>
    /// <remarks>dcgm-exporter repeats the power of a board for each of its instances, so an instance is no device.</remarks>
    private static string DeviceOf(PrometheusSeries series)
    {
        if (series.Labels.TryGetValue(UuidLabel, out string? uuid) && uuid.Length > 0)
        {
            return uuid;
        }

        IEnumerable<string> labels = series.Labels
            .Where(label => label.Key is not (InstanceLabel or InstanceProfileLabel))
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}={label.Value}");
        return string.Join(' ', labels);
    }

    private static bool IsInstance(PrometheusSeries series) =>
        series.Labels.TryGetValue(InstanceLabel, out string? instance) && instance.Length > 0;

    private void FailRest(ReadingBatch batch, HashSet<int> seen, string why)
    {
        for (int meter = 0; meter < meters.Count; meter++)
        {
            if (!seen.Contains(meter))
            {
                batch.Fail(meter, new ReadingFailure("scrape-failed", why));
            }
        }
    }

    private void Learn(IReadOnlyList<PrometheusTarget> targets)
    {
        foreach (PrometheusSeries series in Scrape())
        {
            PrometheusTarget target = targets.First(candidate => candidate.Metric == series.Metric);
            if (channels.TryAdd((series.Metric, DeviceOf(series)), new Channel(meters.Count, target.JoulesPerUnit ?? 1)))
            {
                meters.Add(Describe(series, target));
            }
        }
    }

    private MeterDescription Describe(PrometheusSeries series, PrometheusTarget target) => new()
    {
        Name = $"{address.Host}:{series.Metric}.{meters.Count}",
        Scope = target.Scope,
        Method = $"Prometheus metric {series.Metric}",
        Device = $"{DeviceOf(series)} at {address.Host}",
        IsCounter = target.JoulesPerUnit is not null,
        AveragingSeconds = series.Metric == PrometheusTarget.DcgmPower ? 1 : null,
        Note = IsInstance(series)
            ? "the exporter repeats the board's power for each instance (MIG): this is the whole board"
            : null,
    };

    private IEnumerable<PrometheusSeries> Scrape()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = client.Send(request);
        response.EnsureSuccessStatusCode();
        using StreamReader reader = new(response.Content.ReadAsStream());
        return PrometheusText.Series(reader.ReadToEnd(), metrics.Contains);
    }

    /// <summary>The meter that a series belongs to, and the factor to its unit.</summary>
    /// <param name="Meter">The number of its meter.</param>
    /// <param name="Factor">Joules or watts in one unit of the series.</param>
    private readonly record struct Channel(int Meter, double Factor);
}
