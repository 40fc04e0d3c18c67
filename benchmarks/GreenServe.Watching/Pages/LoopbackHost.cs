using System.Net;
using System.Net.Sockets;
using GreenServe.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GreenServe.Watching.Pages;

/// <summary>An HTTP server for this machine alone: it listens on loopback and answers only who asks for it by a name of loopback.</summary>
/// <remarks>
/// A page of another site can make a browser send requests to loopback, and can point a name of its own at 127.0.0.1. The first kind
/// says where it comes from (<c>Sec-Fetch-Site</c>), the second names the other site (<c>Host</c>): both are refused, and no answer may
/// be read across origins. Nothing that this server offers changes anything.
/// </remarks>
public sealed class LoopbackHost : IAsyncDisposable
{
    private const string OnlyFromHere = "This address answers only to this machine, by the name localhost, 127.0.0.1 or [::1].";

    private static readonly string[] Names = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>How long open responses may take to send their last bytes when the server stops.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly WebApplication application;

    private LoopbackHost(WebApplication application)
    {
        this.application = application;
        Address = new Uri(application.Urls.First());
    }

    /// <summary>The address on which the server listens, for example <c>http://127.0.0.1:8765/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="port">The port, in [0, 65535]; 0 takes a free one.</param>
    /// <param name="isExact">Whether it must be this port. If not, another free one is taken when this one is in use.</param>
    /// <param name="configure">Adds what the server answers.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="UnavailableException">The port is in use, or the user may not listen on it.</exception>
    internal static async Task<LoopbackHost> StartAsync(
        int port, bool isExact, Action<WebApplication> configure, CancellationToken cancellationToken)
    {
        WebApplication application = Build(port, configure);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            return new LoopbackHost(application);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            return isExact
                ? throw new UnavailableException(
                    $"Cannot listen on 127.0.0.1:{port}: {exception.Message} Name another port, or 0 for a free one.")
                : await StartAsync(port: 0, isExact: true, configure, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await application.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(int port, Action<WebApplication> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopGrace);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        WebApplication application = builder.Build();
        application.Use(GuardAsync);
        configure(application);
        return application;
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        int? refusal = !Names.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase) || IsFromAnotherSite(context.Request)
            ? StatusCodes.Status403Forbidden
            : !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
                ? StatusCodes.Status405MethodNotAllowed
                : null;
        if (refusal is not { } status)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = status;
        headers.ContentType = "text/plain; charset=utf-8";
        string text = status == StatusCodes.Status403Forbidden ? OnlyFromHere : "This address can only be read.";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    // Browsers state it themselves, and no script can change it. Other programs do not send it.
    private static bool IsFromAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none")
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}");
}
