using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using GreenServe.Serving.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenServe.Serving.OpenAi;

/// <summary>The HTTP client of a backend: no proxy, no cookies, no redirect, no retry, no cap on connections.</summary>
internal sealed class HttpConnections : IDisposable
{
    private const string ClientName = "server";
    private readonly ServiceProvider services;
    private readonly ConcurrentDictionary<string, Task<IPAddress[]>> addresses = new();
    private long opened;

    internal HttpConnections(OpenAiOptions options)
    {
        Transport = TransportCatalog.Open(options.Readers);
        ServiceCollection collection = new();
        collection.AddHttpClient(ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => CreateHandler(options))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services = collection.BuildServiceProvider();
        Client = services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName);
        Client.Timeout = Timeout.InfiniteTimeSpan;
        Client.BaseAddress = RootOf(options.Endpoint);
        Client.DefaultRequestVersion = options.UsesHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        if (options.ApiKey is { } key)
        {
            Client.DefaultRequestHeaders.Authorization = new("Bearer", key.Reveal());
        }
    }

    internal HttpClient Client { get; }

    internal ITransport Transport { get; }

    /// <summary>Connections opened so far.</summary>
    internal long Opened => Interlocked.Read(ref opened);

    public void Dispose()
    {
        Client.Dispose();
        services.Dispose();
        Transport.Dispose();
    }

    /// <summary>The root with a slash at its end and without <c>/v1</c>, which paths bring along.</summary>
    private static Uri RootOf(Uri endpoint)
    {
        string path = endpoint.AbsolutePath.TrimEnd('/');
        path = path.EndsWith("/v1", StringComparison.Ordinal) ? path[..^3] : path;
        return new UriBuilder(endpoint) { Path = path + "/", Query = "", Fragment = "" }.Uri;
    }

    private SocketsHttpHandler CreateHandler(OpenAiOptions options) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = int.MaxValue,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(options.ConnectSeconds),
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] candidates = await ResolveAsync(context.DnsEndPoint.Host).WaitAsync(cancellationToken).ConfigureAwait(false);
        for (int index = 0; ; index++)
        {
            try
            {
                Stream stream = await Transport
                    .ConnectAsync(new IPEndPoint(candidates[index], context.DnsEndPoint.Port), cancellationToken).ConfigureAwait(false);
                Interlocked.Increment(ref opened);
                return stream;
            }
            catch (SocketException) when (index + 1 < candidates.Length)
            {
                // The next address may answer.
            }
        }
    }

    /// <summary>Asks for a name once a run: a resolver must not add to the latency of each connection.</summary>
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
