using GreenServe.Records;
using GreenServe.Watching.Courses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GreenServe.Watching.Pages;

/// <summary>Serves the page of a <see cref="PageHistory"/> on loopback, and its stream of server-sent events at <c>/events</c>.</summary>
public sealed class LivePageHost : IAsyncDisposable
{
    /// <summary>The port that is taken where the user names none.</summary>
    public const int DefaultPort = 8765;

    /// <summary>Readers of the stream at a time. A browser window is one.</summary>
    private const int MaxReaders = 32;

    /// <summary>A line is sent after so long without news, so that both sides notice a connection that is gone.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly LoopbackHost host;

    private LivePageHost(LoopbackHost host) => this.host = host;

    /// <summary>The address of the page.</summary>
    public Uri Address => host.Address;

    /// <summary>Starts to serve the page.</summary>
    /// <param name="history">What the page shows.</param>
    /// <param name="port">
    /// The port, in [0, 65535]; 0 takes a free one. With <c>null</c> it is <see cref="DefaultPort"/>, or a free one where that is in use.
    /// </param>
    /// <param name="clock">Source of time.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="UnavailableException">The port is in use.</exception>
    public static async Task<LivePageHost> StartAsync(
        PageHistory history, int? port, TimeProvider clock, CancellationToken cancellationToken)
    {
        LoopbackHost host = await LoopbackHost.StartAsync(
            port ?? DefaultPort, isExact: port is not null, application => Map(application, history, clock), cancellationToken)
            .ConfigureAwait(false);
        return new LivePageHost(host);
    }

    /// <summary>Stops to serve. Browsers get what the history has by then, the end included, if they read it within 2 s.</summary>
    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static void Map(WebApplication application, PageHistory history, TimeProvider clock)
    {
        int readers = 0;
        CancellationToken stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        application.Run(context => context.Request.Path.Value switch
        {
            "/" => SendPageAsync(context),
            "/events" => ReadAsync(context),
            _ => SendMissingAsync(context),
        });

        async Task ReadAsync(HttpContext context)
        {
            try
            {
                if (Interlocked.Increment(ref readers) > MaxReaders)
                {
                    context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                    await context.Response.WriteAsync($"{MaxReaders} readers are the most.", context.RequestAborted).ConfigureAwait(false);
                    return;
                }

                await StreamAsync(context, history, clock, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The reader has gone, or the command ends. Neither is a failure.
            }
            finally
            {
                Interlocked.Decrement(ref readers);
            }
        }
    }

    private static Task SendPageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = LivePage.Policy;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync(LivePage.Text, context.RequestAborted);
    }

    private static Task SendMissingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("The page is at / and its stream at /events.", context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, PageHistory history, TimeProvider clock, CancellationToken stopping)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        Task stop = Task.Delay(Timeout.InfiniteTimeSpan, clock, stopping);
        LiveBookmark? seen = null;
        while (true)
        {
            bool isStopping = stopping.IsCancellationRequested;
            LiveNews news = history.NewsSince(seen);
            await context.Response.WriteAsync(EventText.Of(news), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            seen = news.Bookmark;
            if (news.IsComplete || isStopping)
            {
                return;
            }

            Task heartbeat = Task.Delay(Heartbeat, clock, context.RequestAborted);
            await Task.WhenAny(news.Changed, heartbeat, stop).ConfigureAwait(false);
        }
    }
}
