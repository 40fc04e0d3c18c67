using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Remote;

/// <summary>Power and energy scraped from an exporter once a second, and twice per refresh from a simulated server.</summary>
/// <remarks>
/// An exporter shows what it read at an interval of its own, often 15 to 30 s. The refresh period that is found says how old a value
/// may be.
/// </remarks>
internal sealed class PrometheusSource : IMeterSource
{
    /// <summary>The largest page that is read. A page of a large cluster has some megabytes; a larger one is no page of metrics.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>A simulated server refreshes its page ten times a second (s); two reads see each refresh.</summary>
    private const double SimulatedIntervalSeconds = 0.05;

    private static readonly TimeSpan LongestScrape = TimeSpan.FromSeconds(5);

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly string host;
    private readonly IReadOnlyList<PrometheusTarget> targets;
    private readonly IReadOnlyDictionary<string, string> knownDevices;
    private readonly Dictionary<(int Target, string Device), int> channels = [];
    private readonly List<(MeterDescription Description, MetricUnit Unit)> meters = [];

    private PrometheusSource(
        HttpMessageHandler http,
        Uri address,
        IReadOnlyList<PrometheusTarget> targets,
        IReadOnlyDictionary<string, string> knownDevices,
        string host)
    {
        this.host = host;
        client = new HttpClient(http) { Timeout = LongestScrape, MaxResponseContentBufferSize = MaxBytes };
        this.address = address;
        this.targets = targets;
        this.knownDevices = knownDevices;
        Name = $"prometheus.{host}";
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters => [.. meters.Select(meter => meter.Description)];

    /// <summary>The devices of its meters by UUID, where the labels state one.</summary>
    internal Dictionary<string, string> DevicesByUuid { get; } = [];

    public SamplingNeed Need => meters.Exists(meter => meter.Description.IsSimulated)
        ? SamplingNeed.EachSecondFromAfar with { FixedIntervalSeconds = SimulatedIntervalSeconds }
        : SamplingNeed.EachSecondFromAfar;

    /// <summary>Scrapes once to learn which series there are.</summary>
    /// <param name="address">The address of the page.</param>
    /// <param name="targets">The metrics wanted from it.</param>
    /// <param name="http">Makes the connections; disposed with the source.</param>
    /// <param name="knownDevices">
    /// The names of devices that other meters of the run read, by UUID. A series about one of them is a further meter of that device.
    /// </param>
    /// <param name="name">
    /// What the names of the meters begin with; <c>null</c> for the host. Two pages of one host need different names.
    /// </param>
    /// <exception cref="UnavailableException">The exporter does not answer, or shows none of the metrics.</exception>
    /// <exception cref="InvalidInputException">The series of a metric cannot be taken for devices, or its unit cannot be right.</exception>
    internal static PrometheusSource Connect(
        Uri address,
        IReadOnlyList<PrometheusTarget> targets,
        HttpMessageHandler http,
        IReadOnlyDictionary<string, string>? knownDevices = null,
        string? name = null)
    {
        PrometheusSource source = new(http, address, targets, knownDevices ?? new Dictionary<string, string>(), name ?? address.Host);
        try
        {
            source.Learn();
            return source;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            source.Dispose();
            throw new UnavailableException($"No metrics at {HttpAddress.Shown(address)}: {exception.Message}");
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public void Read(ReadingBatch batch)
    {
        Dictionary<int, PrometheusSeries> seen = [];
        HashSet<int> unequal = [];
        string gone = $"{address.Host} no longer shows it";
        try
        {
            foreach ((int meter, PrometheusSeries series) in Scrape().SelectMany(MetersOf))
            {
                bool isRepeat = !seen.TryAdd(meter, series);
                if (isRepeat && SeriesIdentity.Uuid(series) is null && !series.Value.Equals(seen[meter].Value))
                {
                    unequal.Add(meter);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            gone = $"{address.Host}: {exception.Message}";
        }

        for (int meter = 0; meter < meters.Count; meter++)
        {
            Hand(meter, seen.GetValueOrDefault(meter), unequal.Contains(meter), gone, batch);
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Hands a reading on, or why there is none.</summary>
    private void Hand(int meter, PrometheusSeries? series, bool isUnequal, string gone, ReadingBatch batch)
    {
        (MeterDescription description, MetricUnit unit) = meters[meter];
        if (series is null)
        {
            batch.Fail(meter, new ReadingFailure("scrape-failed", gone));
        }
        else if (isUnequal)
        {
            string message = $"{description.Name}: series that were one device differ now; choose one by {LabelSelector.Form}";
            batch.Fail(meter, new ReadingFailure("not-one-device", message, BreaksCounter: true));
        }
        else if (BlankValue.Is(series.Value))
        {
            string message = FormattableString.Invariant($"{description.Name}: {series.Value:R} is the exporter's blank value");
            batch.Fail(meter, new ReadingFailure("not-a-number", message));
        }
        else
        {
            batch.Add(meter, series.Value * unit.Factor);
        }
    }

    /// <summary>The meters that a series belongs to, one for each target that wants it.</summary>
    private IEnumerable<(int Meter, PrometheusSeries Series)> MetersOf(PrometheusSeries series)
    {
        string device = SeriesIdentity.Device(series);
        for (int target = 0; target < targets.Count; target++)
        {
            if (targets[target].Wants(series) && channels.TryGetValue((target, device), out int meter))
            {
                yield return (meter, series);
            }
        }
    }

    private void Learn()
    {
        PrometheusSeries[] page = Scrape();
        List<Problem> problems = [];
        (int Number, PrometheusTarget Target, PrometheusDevice Device)[] found =
        [
            .. from target in targets.Index()
               from device in PrometheusDevices.Of(target.Item, [.. page.Where(target.Item.Wants)], problems)
               orderby Array.IndexOf(page, device.First)
               select (target.Index, target.Item, device),
        ];
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }

        CheckThatAllAreShown(page);
        foreach ((int number, PrometheusTarget target, PrometheusDevice device) in found)
        {
            foreach (PrometheusSeries series in device.Series)
            {
                channels.TryAdd((number, SeriesIdentity.Device(series)), meters.Count);
            }

            MeterDescription description = Describe(device, target);
            meters.Add((description, target.Unit));
            if (device.Uuid is { } uuid)
            {
                DevicesByUuid.TryAdd(uuid, description.Device!);
            }
        }
    }

    /// <summary>Checks that every target has a series. Those of dcgm-exporter need one between them: some boards have no counter.</summary>
    private void CheckThatAllAreShown(PrometheusSeries[] page)
    {
        PrometheusTarget[] missing = [.. targets.Where(target => !page.Any(target.Wants))];
        bool isDcgmAlone = missing.All(target => target.Metric is DcgmMetric.TotalEnergy or DcgmMetric.PowerUsage);
        if (missing.Length == 0 || (isDcgmAlone && missing.Length < targets.Count))
        {
            return;
        }

        string wanted = string.Join(", ", missing.Select(target => $"{target.Metric}{target.Selector}"));
        PrometheusSeries? other = missing.SelectMany(target => page.Where(series => series.Metric == target.Metric)).FirstOrDefault();
        string shown = other is null ? "" : $"; it shows for example {other.Text}";
        throw new UnavailableException($"{HttpAddress.Shown(address)} answers, but shows none of {wanted}{shown}");
    }

    private MeterDescription Describe(PrometheusDevice device, PrometheusTarget target)
    {
        PrometheusSeries series = device.First;
        bool isSimulated = series.Labels.GetValueOrDefault(DcgmMetric.EvidenceLabel) == DcgmMetric.Simulated;
        string[] others = [.. device.Series.Select(SeriesIdentity.Device).Distinct().Skip(1)];
        return new MeterDescription
        {
            Name = $"{host}:{series.Metric}.{meters.Count}",
            Scope = target.Scope,
            Method = $"{(isSimulated ? $"{MeterDescription.SimulatedMethod}: " : "")}Prometheus metric {series.Metric}",
            IsEstimated = isSimulated,
            Device = device.Uuid is { } uuid && knownDevices.TryGetValue(uuid, out string? known)
                ? known
                : $"{SeriesIdentity.Device(series)} at {address.Host}",
            IsCounter = target.Unit.IsEnergy,
            AveragingSeconds = series.Metric == DcgmMetric.PowerUsage ? 1 : null,
            CeilingWatts = target.CeilingWatts,
            Note = others.Length > 0 ? $"one counter, shown also as {string.Join("; ", others)}: it is counted once"
                : SeriesIdentity.IsInstance(series)
                    ? "the exporter repeats the board's power for each instance (MIG): this is the whole board"
                    : null,
        };
    }

    private PrometheusSeries[] Scrape()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = client.Send(request);
        response.EnsureSuccessStatusCode();
        using StreamReader reader = new(response.Content.ReadAsStream());
        return [.. PrometheusText.Series(reader.ReadToEnd(), name => targets.Any(target => target.Metric == name))];
    }
}
