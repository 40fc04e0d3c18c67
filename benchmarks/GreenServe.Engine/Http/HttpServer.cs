using System.Net;
using System.Net.Sockets;
using GreenServe.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenServe.Engine.Http;

/// <summary>An OpenAI-compatible HTTP server for any <see cref="IInferenceEngine"/>. The caller keeps and disposes the engine.</summary>
public sealed class HttpServer : IAsyncDisposable
{
    // A load generator may have this many requests in flight on one HTTP/2 connection; Kestrel's own limit is 100.
    private const int MaxStreamsPerConnection = 65_536;
    private readonly WebApplication application;
    private readonly HttpServerOptions options;

    private HttpServer(WebApplication application, HttpServerOptions options)
    {
        this.application = application;
        this.options = options;
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address);
    }

    /// <summary>The address on which the server listens, for example <c>http://127.0.0.1:8000/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Starts an HTTP server.</summary>
    /// <param name="engine">Generates the tokens.</param>
    /// <param name="options">The address, the limits and the faults of the server.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="InvalidInputException">
    /// The server cannot listen on the address or the port, for example because another program uses it.
    /// </exception>
    public static async Task<HttpServer> StartAsync(
        IInferenceEngine engine, HttpServerOptions options, CancellationToken cancellationToken = default)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.StopGraceSeconds));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = options.SendsInline);

        WebApplication application = builder.Build();
        HttpServerDispatcher dispatcher = new(engine, options);
        application.Run(dispatcher.HandleAsync);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new HttpServer(application, options);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new InvalidInputException(new Problem(
                "address",
                $"{new IPEndPoint(options.Address, options.Port)} ({exception.Message})",
                "a free port on an address of this host"));
        }
    }

    /// <summary>
    /// Stops the server. It takes no new requests. Requests in flight may end within the stop grace; after it they are broken off.
    /// </summary>
    public async Task StopAsync()
    {
        using CancellationTokenSource grace = new(TimeSpan.FromSeconds(options.StopGraceSeconds), options.Clock);
        await application.StopAsync(grace.Token).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await application.DisposeAsync().ConfigureAwait(false);
    }

    private static void Configure(KestrelServerOptions kestrel, HttpServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        HttpProtocols protocols = options.SpeaksHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1;
        kestrel.Listen(options.Address, options.Port, listener => listener.Protocols = protocols);
    }
}
