using System.Net.Http.Headers;
using System.Text.Json;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.Remote;

/// <summary>The meters of another host that runs <c>greenserve meters serve</c>.</summary>
/// <remarks>The times of its readings are moved onto the clock of this run.</remarks>
internal sealed class RemoteMeterSource : IMeterSource
{
    /// <summary>The exchanges of one estimate of the clock offset: among twelve, one is seldom delayed.</summary>
    private const int ExchangesPerEstimate = 12;

    /// <summary>Time between two estimates (s). Clocks drift by some tens of microseconds a second, so by about 1 ms in it.</summary>
    private const double EstimateIntervalSeconds = 30;

    /// <summary>The longest silence before the host counts as lost: six signs of life.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(6 * RemoteProtocol.HeartbeatSeconds);

    /// <summary>The wait before a lost host is asked again: it may come back, and a tight loop would help nobody.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    /// <summary>The largest list of meters that is read (bytes): 1 MB, some thousand meters.</summary>
    private const int MaxCatalogBytes = 1024 * 1024;

    /// <summary>The longest line of the stream of readings (characters), far above that of any reading.</summary>
    private const int MaxLineLength = 16 * 1024;

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly TimeProvider clock;
    private readonly string host;
    private readonly Dictionary<string, int> numbers;
    private readonly Lock gate = new();
    private readonly List<(double AtSeconds, ClockOffset Offset)> offsets = [];
    private StreamReader? stream;
    private BoundedLineReader? lines;
    private long lost;

    private RemoteMeterSource(HttpClient client, Uri address, RemoteProtocol.Catalog catalog, TimeProvider clock)
    {
        this.client = client;
        this.address = address;
        this.clock = clock;
        host = catalog.Host;
        Name = $"remote.{host}";
        MeterDescription[] read = [.. catalog.Meters.Where(meter => meter.NotMeasured is null)];
        numbers = read.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index);
        Meters = [.. read.Select(OnHost)];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

    /// <summary>Name or address of the host, as the user gave it.</summary>
    internal string AskedHost => address.IdnHost;

    /// <summary>How fast the host is; <c>null</c> where it does not say.</summary>
    internal HostSpeed? HostSpeed { get; private init; }

    public SamplingNeed Need => SamplingNeed.WhenDelivered;

    public IReadOnlyDictionary<string, double> Findings
    {
        get
        {
            lock (gate)
            {
                Dictionary<string, double> found = new() { [RunCounter.RemoteLostReadings.Of(host)] = lost };
                if (offsets.Count > 0)
                {
                    found[RunCounter.ClockOffsetSeconds.Of(host)] = offsets[^1].Offset.Seconds;
                    found[RunCounter.ClockOffsetErrorSeconds.Of(host)] = offsets.Max(estimate => estimate.Offset.ErrorSeconds);
                    found[RunCounter.ClockOffsetDriftSeconds.Of(host)] = offsets[^1].Offset.Seconds - offsets[0].Offset.Seconds;
                }

                return found;
            }
        }
    }

    /// <summary>Asks a host for its meters.</summary>
    /// <param name="address">The address of the host.</param>
    /// <param name="http">Makes the connections; disposed with the source.</param>
    /// <param name="token">The secret that both hosts share; <c>null</c> or empty for none.</param>
    /// <param name="clock">The clock by which a silent host is given up.</param>
    /// <exception cref="UnavailableException">The host does not answer, or does not answer as a meter host.</exception>
    internal static RemoteMeterSource Connect(Uri address, HttpMessageHandler http, string? token, TimeProvider clock)
    {
        HttpClient client = new(http) { Timeout = LongestAnswer, MaxResponseContentBufferSize = MaxCatalogBytes };
        if (!string.IsNullOrEmpty(token))
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Checked(token));
        }

        try
        {
            RemoteProtocol.Catalog catalog = Get<RemoteProtocol.Catalog>(client, HttpAddress.At(address, RemoteProtocol.MetersPath));
            return new RemoteMeterSource(client, address, catalog, clock) { HostSpeed = SpeedOf(client, address) };
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException or IOException)
        {
            client.Dispose();
            string why = exception.Message.TrimEnd('.');
            throw new UnavailableException(
                $"No meters at {HttpAddress.Shown(address)}: {why}. Start them on that host with: greenserve meters serve --bind ADDRESS");
        }
    }

    public void Read(ReadingBatch batch)
    {
        try
        {
            if (offsets.Count == 0 || batch.NowSeconds - offsets[^1].AtSeconds > EstimateIntervalSeconds)
            {
                Estimate(batch);
            }

            lines ??= Open();
            ReadUntilHeartbeat(batch);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            stream?.Dispose();
            lines = null;
            for (int meter = 0; meter < Meters.Count; meter++)
            {
                batch.Fail(meter, new ReadingFailure("remote-lost", $"{host}: {exception.Message}"));
            }

            Task.Delay(RetryInterval, clock).Wait();
        }
    }

    public void Dispose()
    {
        stream?.Dispose();
        client.Dispose();
    }

    private MeterDescription OnHost(MeterDescription meter) =>
        meter with { Name = $"{host}:{meter.Name}", Device = $"{meter.Device ?? meter.Name} on {host}", Faults = [] };

    private void Estimate(ReadingBatch batch)
    {
        List<ClockExchange> exchanges = [];
        for (int index = 0; index < ExchangesPerEstimate; index++)
        {
            double sent = batch.NowSeconds;
            double other = Get<RemoteProtocol.Clock>(client, HttpAddress.At(address, RemoteProtocol.ClockPath)).Seconds;
            exchanges.Add(new ClockExchange(sent, other, batch.NowSeconds));
        }

        lock (gate)
        {
            offsets.Add((batch.NowSeconds, ClockOffset.Estimate(exchanges)));
        }
    }

    private BoundedLineReader Open()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, HttpAddress.At(address, RemoteProtocol.SamplesPath));
        HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        stream = new StreamReader(response.Content.ReadAsStream());
        return new BoundedLineReader(stream, MaxLineLength);
    }

    private void ReadUntilHeartbeat(ReadingBatch batch)
    {
        double offset = offsets[^1].Offset.Seconds;
        for (string line = NextLine(); line is not [RemoteProtocol.HeartbeatMark, ..]; line = NextLine())
        {
            if (RemoteProtocol.ParseLost(line) is { } count)
            {
                lock (gate)
                {
                    lost += count;
                }
            }
            else if (RemoteProtocol.ParseState(line) is { } state)
            {
                batch.AddStateAt($"{host}:{state.Device}", state.Quantity, state.Value, state.Seconds - offset);
            }
            else if (RemoteProtocol.Parse(line) is { } sample && numbers.TryGetValue(sample.Meter, out int meter))
            {
                batch.AddAt(meter, sample.CumulativeJoules ?? sample.Watts!.Value, sample.Seconds - offset);
            }
        }
    }

    /// <exception cref="IOException">The host ended the stream.</exception>
    /// <exception cref="OperationCanceledException">The host was silent for too long.</exception>
    private string NextLine()
    {
        using CancellationTokenSource silence = new(LongestSilence, clock);
        string line = lines!.ReadAsync(silence.Token).AsTask().GetAwaiter().GetResult()
            ?? throw new IOException("the host ended the stream of readings");
        return lines.WasCut ? throw new IOException($"the host sent a line of more than {MaxLineLength} characters") : line;
    }

    /// <summary>The secret, if it can be sent in a header. It must not get into a message.</summary>
    private static string Checked(string token) => token.All(letter => letter is >= '!' and <= '~')
        ? token
        : throw new InvalidInputException(
            new Problem(RemoteProtocol.TokenVariable, "a text with spaces or control characters", "the secret that both hosts share"));

    /// <summary>The speed of a host; <c>null</c> where it does not say, and where what it says cannot be.</summary>
    private static HostSpeed? SpeedOf(HttpClient client, Uri address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, HttpAddress.At(address, RemoteProtocol.HostSpeedPath));
        using HttpResponseMessage response = client.Send(request);
        using StreamReader text = new(response.Content.ReadAsStream());
        try
        {
            return response.IsSuccessStatusCode ? DocumentTree.ParseJson(text.ReadToEnd()).BindWritten<HostSpeed>() : null;
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }

    private static T Get<T>(HttpClient client, Uri address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = client.Send(request);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<T>(response.Content.ReadAsStream(), DocumentContract.Options)
            ?? throw new JsonException($"{HttpAddress.Shown(address)} answered with nothing");
    }
}
