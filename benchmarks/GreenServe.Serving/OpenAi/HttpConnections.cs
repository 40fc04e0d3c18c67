using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using GreenServe.Serving.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace GreenServe.Serving.OpenAi;

/// <summary>
/// The HTTP client of a backend. It uses no proxy and no cookies, follows no redirect, repeats no request and opens as many connections
/// as there are requests in flight.
/// </summary>
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

    /// <summary>The client. Its base address is the root of the server.</summary>
    internal HttpClient Client { get; }

    /// <summary>The transport that opens the client's connections.</summary>
    internal ITransport Transport { get; }

    /// <summary>Number of connections opened so far.</summary>
    internal long Opened => Interlocked.Read(ref opened);

    public void Dispose()
    {
        Client.Dispose();
        services.Dispose();
        Transport.Dispose();
    }

    /// <summary>The root of the server: with a slash at its end, and without <c>/v1</c>, which the paths contain.</summary>
    private static Uri RootOf(Uri endpoint)
    {
        const string version = "/v1";
        string path = endpoint.AbsolutePath.TrimEnd('/');
        path = path.EndsWith(version, StringComparison.Ordinal) ? path[..^version.Length] : path;
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
