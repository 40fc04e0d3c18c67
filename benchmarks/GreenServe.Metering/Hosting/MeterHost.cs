using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.Recording;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GreenServe.Metering.Hosting;

/// <summary>Serves the meters of this host over HTTP, so that a load generator elsewhere can put them into its record.</summary>
public sealed class MeterHost : IAsyncDisposable, IMeterSink
{
    /// <summary>Room for the readings of one reader: a network that stalls for some ten seconds loses nothing.</summary>
    private const int BufferedReadings = 8192;

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(100);

    private readonly WebApplication application;
    private readonly RunClock clock;
    private readonly Lock gate = new();
    private readonly List<Subscriber> subscribers = [];
    private PowerRecording? recording;

    private MeterHost(WebApplication application, RunClock clock)
    {
        this.application = application;
        this.clock = clock;
    }

    /// <summary>The address on which the host listens.</summary>
    public Uri Address => new(application.Urls.First());

    /// <summary>Starts to read the meters and to serve them.</summary>
    /// <param name="meters">The meters. The caller disposes them after the host.</param>
    /// <param name="bind">The address to listen on. An address beyond loopback needs a token.</param>
    /// <param name="port">The port, in [0, 65535]; 0 takes a free one.</param>
    /// <param name="token">The secret that a reader must show; <c>null</c> or empty for none.</param>
    /// <param name="speed">How fast this host is, for whoever asks; <c>null</c> where it was not measured.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="InvalidInputException">The host would listen beyond loopback without a token.</exception>
    /// <exception cref="UnavailableException">The port is in use.</exception>
    public static async Task<MeterHost> StartAsync(
        MeterCatalog meters,
        IPAddress bind,
        int port,
        string? token,
        HostSpeed? speed = null,
        CancellationToken cancellationToken = default)
    {
        if (!IPAddress.IsLoopback(bind) && string.IsNullOrEmpty(token))
        {
            string allowed = $"a loopback address, or the same secret in {RemoteProtocol.TokenVariable} on both hosts: "
                + "power readings leak what a host works on";
            throw new InvalidInputException(new Problem("--bind", bind, allowed));
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(bind, port));
        WebApplication application = builder.Build();
        MeterHost host = new(application, RunClock.Start(meters.Clock));
        host.Map(meters, token, speed);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new UnavailableException($"Cannot listen on {bind}:{port}: {exception.Message}");
        }

        host.recording = PowerRecording.Start(meters, host.clock, host);
        return host;
    }

    /// <inheritdoc />
    public void Add(PowerSample sample) => Send(RemoteProtocol.Line(sample));

    /// <inheritdoc />
    public void Add(DeviceReading reading) => Send(RemoteProtocol.Line(reading));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            subscribers.ForEach(subscriber => subscriber.Lines.Writer.TryComplete());
        }

        await application.DisposeAsync().ConfigureAwait(false);
        if (recording is not null)
        {
            await recording.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Map(MeterCatalog meters, string? token, HostSpeed? speed)
    {
        byte[] expected = Encoding.UTF8.GetBytes($"Bearer {token}");
        application.Use(async (context, next) =>
        {
            byte[] shown = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
            if (!string.IsNullOrEmpty(token) && !CryptographicOperations.FixedTimeEquals(shown, expected))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            await next(context).ConfigureAwait(false);
        });
        application.MapGet(RemoteProtocol.MetersPath, () => Json(new RemoteProtocol.Catalog(Environment.MachineName, meters.Meters)));
        application.MapGet(RemoteProtocol.ClockPath, () => Json(new RemoteProtocol.Clock(clock.Seconds)));
        application.MapGet(RemoteProtocol.HostSpeedPath, () => speed is null ? Results.NotFound() : Json(speed));
        application.MapGet(RemoteProtocol.SamplesPath, StreamAsync);
    }

    private async Task StreamAsync(HttpContext context)
    {
        Subscriber subscriber = new();
        lock (gate)
        {
            subscribers.Add(subscriber);
        }

        try
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            double? lastHeartbeat = null;
            while (!context.RequestAborted.IsCancellationRequested && !subscriber.Lines.Reader.Completion.IsCompleted)
            {
                StringBuilder text = new();
                while (subscriber.Lines.Reader.TryRead(out string? line))
                {
                    text.Append(line);
                }

                if (Interlocked.Exchange(ref subscriber.Lost, 0) is var lost && lost > 0)
                {
                    text.Append(RemoteProtocol.Lost(lost));
                }

                double now = clock.Seconds;
                if (lastHeartbeat is not { } last || now - last >= RemoteProtocol.HeartbeatSeconds)
                {
                    lastHeartbeat = now;
                    text.Append(RemoteProtocol.Heartbeat(now));
                }

                await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                await Task.Delay(FlushInterval, clock.Provider, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, which ends its stream and nothing else.
        }
        finally
        {
            lock (gate)
            {
                subscribers.Remove(subscriber);
            }
        }
    }

    private void Send(string line)
    {
        lock (gate)
        {
            foreach (Subscriber subscriber in subscribers)
            {
                if (!subscriber.Lines.Writer.TryWrite(line))
                {
                    Interlocked.Increment(ref subscriber.Lost);
                }
            }
        }
    }

    private static IResult Json<T>(T value) =>
        Results.Text(JsonSerializer.Serialize(value, DocumentContract.Options), "application/json");

    /// <summary>A reader of the stream.</summary>
    private sealed class Subscriber
    {
        /// <summary>The readings that found the buffer full since the reader was last told.</summary>
        internal long Lost;

        internal Channel<string> Lines { get; } = Channel.CreateBounded<string>(
            new BoundedChannelOptions(BufferedReadings) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    }
}
