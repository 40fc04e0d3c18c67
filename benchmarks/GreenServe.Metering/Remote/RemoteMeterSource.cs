using System.Net.Http.Headers;
using System.Text.Json;
using GreenServe.Metering.Machine;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Remote;

/// <summary>Meters of another host, delivered by its <c>greenserve meters serve</c>, with times moved onto this run's clock.</summary>
internal sealed class RemoteMeterSource : IMeterSource
{
    private const int ExchangesPerEstimate = 12;
    private const double EstimateIntervalSeconds = 30;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(3);

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly string host;
    private readonly Dictionary<string, int> numbers;
    private readonly Lock gate = new();
    private readonly List<(double AtSeconds, ClockOffset Offset)> offsets = [];
    private StreamReader? lines;
    private long lost;

    private RemoteMeterSource(HttpClient client, Uri address, RemoteProtocol.Catalog catalog)
    {
        this.client = client;
        this.address = address;
        host = catalog.Host;
        Name = $"remote.{host}";
        MeterDescription[] read = [.. catalog.Meters.Where(meter => meter.NotMeasured is null)];
        numbers = read.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index);
        Meters = [.. read.Select(meter => meter with { Name = $"{host}:{meter.Name}", Device = $"{meter.Device ?? meter.Name} on {host}", Faults = [] })];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

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

    /// <summary>Asks the host for its meters.</summary>
    /// <exception cref="UnavailableException">It does not answer, or not as a meter host.</exception>
    internal static RemoteMeterSource Connect(Uri address, MachineAccess machine)
    {
        HttpClient client = new(machine.Http()) { Timeout = TimeSpan.FromSeconds(10) };
        if (machine.Environment(RemoteProtocol.TokenVariable) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            RemoteProtocol.Catalog catalog = Get<RemoteProtocol.Catalog>(client, new Uri(address, RemoteProtocol.MetersPath));
            return new RemoteMeterSource(client, address, catalog);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException or IOException)
        {
            client.Dispose();
            throw new UnavailableException(
                $"No meters at {address}: {exception.Message.TrimEnd('.')}. Start them on that host with: greenserve meters serve --bind ADDRESS");
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
            lines?.Dispose();
            lines = null;
            for (int meter = 0; meter < Meters.Count; meter++)
            {
                batch.Fail(meter, new ReadingFailure("remote-lost", $"{host}: {exception.Message}"));
            }

            // The host may come back; asking it in a tight loop would help nobody.
            Thread.Sleep(TimeSpan.FromSeconds(0.5));
        }
    }

    public void Dispose()
    {
        lines?.Dispose();
        client.Dispose();
    }

    private void Estimate(ReadingBatch batch)
    {
        List<(double, double, double)> exchanges = [];
        for (int index = 0; index < ExchangesPerEstimate; index++)
        {
            double sent = batch.NowSeconds;
            double other = Get<RemoteProtocol.Clock>(client, new Uri(address, RemoteProtocol.ClockPath)).Seconds;
            exchanges.Add((sent, other, batch.NowSeconds));
        }

        lock (gate)
        {
            offsets.Add((batch.NowSeconds, ClockOffset.Estimate(exchanges)));
        }
    }

    private StreamReader Open()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(address, RemoteProtocol.SamplesPath));
        HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new StreamReader(response.Content.ReadAsStream());
    }

    private void ReadUntilHeartbeat(ReadingBatch batch)
    {
        double offset = offsets[^1].Offset.Seconds;
        while (true)
        {
            using CancellationTokenSource silence = new(LongestSilence);
            string line = lines!.ReadLineAsync(silence.Token).AsTask().GetAwaiter().GetResult()
                ?? throw new IOException("the host ended the stream of readings");
            switch (line.Length > 0 ? line[0] : '\0')
            {
                case '#':
                    return;
                case '!':
                    lock (gate)
                    {
                        lost += (long)(RemoteProtocol.Number(line[2..]) ?? 0);
                    }

                    break;
                case '@':
                    if (RemoteProtocol.ParseState(line) is { } state)
                    {
                        batch.AddStateAt($"{host}:{state.Device}", state.Quantity, state.Value, state.Seconds - offset);
                    }

                    break;
                default:
                    if (RemoteProtocol.Parse(line) is { } sample && numbers.TryGetValue(sample.Meter, out int meter))
                    {
                        batch.AddAt(meter, sample.CumulativeJoules ?? sample.Watts!.Value, sample.Seconds - offset);
                    }

                    break;
            }
        }
    }

    private static T Get<T>(HttpClient client, Uri address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = client.Send(request);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<T>(response.Content.ReadAsStream(), DocumentContract.Options)
            ?? throw new JsonException($"{address} answered with nothing");
    }
}
