using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using GreenServe.Records.Http;
using GreenServe.Serving.Http1;
using GreenServe.Serving.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenServe.Serving.OpenAi;

/// <summary>
/// The HTTP client of a backend. It uses no proxy and no cookies, follows no redirect, repeats no request and opens as many connections
/// as there are requests in flight.
/// </summary>
/// <remarks>Streams of plain HTTP/1.1 do not go through that client, but through <see cref="Direct"/>.</remarks>
internal sealed class HttpConnections : IDisposable
{
    /// <summary>
    /// Largest answer that is read as a whole, in bytes: 4 MB, more than any list of models. Streamed answers are not limited by it.
    /// </summary>
    internal const int MaxAnswerBytes = 4 * 1024 * 1024;

    private const string ClientName = "server";

    /// <summary>Connections that are being opened ahead at the same time: fewer than any server's queue of new connections holds.</summary>
    private const int OpenedAtOnce = 64;

    /// <summary>
    /// Longest time that a connection may be idle and is used again. Servers close idle connections after 5 s (uvicorn, Node.js) or more,
    /// and a request that meets such an end is lost.
    /// </summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(4);
    private readonly ServiceProvider services;
    private readonly Uri root;
    private readonly TimeSpan connectLimit;
    private readonly ConcurrentDictionary<string, Task<IPAddress[]>> addresses = new();
    private readonly ConcurrentQueue<TransportStream> ahead = new();
    private long opened;

    internal HttpConnections(OpenAiOptions options)
    {
        Transport = TransportCatalog.Open(options.Readers);
        root = RootOf(options.Endpoint);
        connectLimit = TimeSpan.FromSeconds(options.ConnectSeconds);
        Direct = options.ReadsDirectly ? new Http1Connections(OpenDirectAsync, IdleLimit) : null;
        ServiceCollection collection = new();
        collection.AddHttpClient(ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => CreateHandler(options))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services = collection.BuildServiceProvider();
        Client = services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName);
        Client.Timeout = Timeout.InfiniteTimeSpan;
        Client.MaxResponseContentBufferSize = MaxAnswerBytes;
        Client.DefaultRequestVersion = options.UsesHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        if (options.ApiKey is { } key)
        {
            Client.DefaultRequestHeaders.Authorization = new("Bearer", key.Reveal());
        }

        foreach (SecretHeader header in options.Headers)
        {
            Client.DefaultRequestHeaders.TryAddWithoutValidation(header.Name, header.Value.Reveal());
        }
    }

    /// <summary>The client. It reuses connections.</summary>
    internal HttpClient Client { get; }

    /// <summary>
    /// Connections whose responses are read where their bytes lie; <c>null</c> where the client reads them, which also speaks HTTP/2 and
    /// TLS.
    /// </summary>
    internal Http1Connections? Direct { get; }

    /// <summary>The transport that opens the client's connections.</summary>
    internal ITransport Transport { get; }

    /// <summary>Number of connections opened so far.</summary>
    internal long Opened => Interlocked.Read(ref opened);

    /// <summary>The address of a path of the server, relative to its root.</summary>
    internal Uri At(string path) => HttpAddress.At(root, path);

    /// <summary>
    /// Opens connections before they are needed, so that the first requests of a load need not wait for theirs. With TLS only the
    /// connection of TCP is opened. It ends early and without an exception when a connection fails, when all of them together take longer
    /// than one may take, and when it is cancelled. Each request then opens what it needs and reports what is wrong.
    /// </summary>
    /// <param name="count">Number of connections, at least 0.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task OpenAheadAsync(int count, CancellationToken cancellationToken)
    {
        DnsEndPoint server = new(root.IdnHost, root.Port);
        using CancellationTokenSource timeout = new(connectLimit, TimeProvider.System);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        ParallelOptions limits = new() { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = stop.Token };
        try
        {
            await Parallel
                .ForAsync(0, count, limits, async (_, token) => ahead.Enqueue(await OpenAsync(server, token).ConfigureAwait(false)))
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            // What has been opened is used.
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Direct?.Dispose();
        while (ahead.TryDequeue(out TransportStream? unused))
        {
            unused.Dispose();
        }

        services.Dispose();
        Transport.Dispose();
    }

    /// <summary>
    /// The root of the server: with a slash at its end, and without <c>/v1</c>, which the paths contain. The query is kept.
    /// </summary>
    private static Uri RootOf(Uri endpoint)
    {
        const string version = "/v1";
        string path = endpoint.AbsolutePath.TrimEnd('/');
        path = path.EndsWith(version, StringComparison.Ordinal) ? path[..^version.Length] : path;
        return new UriBuilder(endpoint) { Path = path + "/", Fragment = "", UserName = "", Password = "" }.Uri;
    }

    private SocketsHttpHandler CreateHandler(OpenAiOptions options)
    {
        SocketsHttpHandler handler = DirectHttp.CreateHandler();
        options.Tls?.ApplyTo(handler.SslOptions);
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.MaxConnectionsPerServer = int.MaxValue;
        handler.PooledConnectionLifetime = Timeout.InfiniteTimeSpan;
        handler.PooledConnectionIdleTimeout = IdleLimit;
        handler.EnableMultipleHttp2Connections = true;
        handler.ConnectTimeout = connectLimit;
        handler.ActivityHeadersPropagator = null;
        handler.ConnectCallback = async (context, token) => TakeOpenedAhead()
            ?? await OpenAsync(context.DnsEndPoint, token).ConfigureAwait(false);
        return handler;
    }

    /// <summary>Takes a connection that was opened ahead and is still good; <c>null</c> where there is none.</summary>
    private TransportStream? TakeOpenedAhead()
    {
        while (ahead.TryDequeue(out TransportStream? stream))
        {
            if (stream.IsOpen && TimeProvider.System.GetElapsedTime(stream.OpenedTimestamp) <= IdleLimit)
            {
                return stream;
            }

            stream.Dispose();
        }

        return null;
    }

    private async ValueTask<TransportStream> OpenDirectAsync(CancellationToken cancellationToken)
    {
        if (TakeOpenedAhead() is { } opened)
        {
            return opened;
        }

        using CancellationTokenSource timeout = new(connectLimit, TimeProvider.System);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await OpenAsync(new DnsEndPoint(root.IdnHost, root.Port), limit.Token).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            bool isUnknown = exception.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData;
            throw new HttpRequestException(
                isUnknown ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, exception.Message, exception);
        }
    }

    private async Task<TransportStream> OpenAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        IPAddress[] candidates = await ResolveAsync(server.Host).WaitAsync(cancellationToken).ConfigureAwait(false);
        for (int index = 0; ; index++)
        {
            try
            {
                TransportStream stream = await Transport
                    .ConnectAsync(new IPEndPoint(candidates[index], server.Port), cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref opened);
                return stream;
            }
            catch (SocketException) when (index + 1 < candidates.Length)
            {
                // The server may listen on the next address.
            }
        }
    }

    /// <summary>Resolves a name once a run, so that the resolver does not add to the latency of each connection.</summary>
    private async Task<IPAddress[]> ResolveAsync(string host)
    {
        try
        {
            return await addresses.GetOrAdd(host, name => Dns.GetHostAddressesAsync(name)).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            addresses.TryRemove(host, out _);
            throw;
        }
    }
}
