using GreenServe.Metering.Machine;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>Power and energy scraped from an exporter once a second.</summary>
/// <remarks>An exporter shows what it read at its own interval, often 15 to 30 s: the refresh period found says how old a value may be.</remarks>
internal sealed class PrometheusSource : IMeterSource
{
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly HashSet<string> metrics;
    private readonly Dictionary<(string Metric, string Device), (int Number, double Factor)> numbers = [];
    private readonly List<MeterDescription> meters = [];

    private PrometheusSource(HttpClient client, Uri address, IReadOnlyList<PrometheusTarget> targets)
    {
        this.client = client;
        this.address = address;
        metrics = [.. targets.Select(target => target.Metric)];
        Name = $"prometheus.{address.Host}";
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters => meters;

    public SamplingNeed Need => SamplingNeed.EachSecond;

    /// <summary>Scrapes once to learn which series there are.</summary>
    /// <exception cref="UnavailableException">The exporter does not answer, or shows none of the metrics.</exception>
    internal static PrometheusSource Connect(Uri address, IReadOnlyList<PrometheusTarget> targets, MachineAccess machine)
    {
        PrometheusSource source = new(
            new HttpClient(machine.Http()) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = MaxBytes }, address, targets);
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
            throw new UnavailableException($"{address} answers, but shows none of {string.Join(", ", targets.Select(target => target.Metric))}");
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
                if (numbers.TryGetValue((series.Metric, ExportedDevice.NameOf(series)), out (int Number, double Factor) known) && seen.Add(known.Number))
                {
                    batch.Add(known.Number, series.Value * known.Factor);
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

    private void FailRest(ReadingBatch batch, HashSet<int> seen, string why)
    {
        for (int number = 0; number < meters.Count; number++)
        {
            if (!seen.Contains(number))
            {
                batch.Fail(number, new ReadingFailure("scrape-failed", why));
            }
        }
    }

    private void Learn(IReadOnlyList<PrometheusTarget> targets)
    {
        foreach (PrometheusSeries series in Scrape())
        {
            PrometheusTarget target = targets.First(candidate => candidate.Metric == series.Metric);
            if (!numbers.TryAdd((series.Metric, ExportedDevice.NameOf(series)), (meters.Count, target.JoulesPerUnit ?? 1)))
            {
                continue;
            }

            meters.Add(new MeterDescription
            {
                Name = $"{address.Host}:{series.Metric}.{meters.Count}",
                Scope = target.Scope,
                Method = $"Prometheus metric {series.Metric}",
                Device = $"{ExportedDevice.NameOf(series)} at {address.Host}",
                IsCounter = target.JoulesPerUnit is not null,
                AveragingSeconds = series.Metric == "DCGM_FI_DEV_POWER_USAGE" ? 1 : null,
                Note = ExportedDevice.IsInstance(series) ? "the exporter repeats the board's power for each instance (MIG): this is the whole board" : null,
            });
        }
    }

    private IEnumerable<PrometheusSeries> Scrape()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = client.Send(request);
        response.EnsureSuccessStatusCode();
        using StreamReader reader = new(response.Content.ReadAsStream());
        return PrometheusText.Series(reader.ReadToEnd(), metrics.Contains);
    }
}
