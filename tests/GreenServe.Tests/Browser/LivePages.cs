using GreenServe.Watching.Courses;
using GreenServe.Watching.Pages;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>Chromium, shared by the tests of the live page. Each test opens a page of its own on a history of its own.</summary>
public sealed class LivePages : IAsyncLifetime
{
    private Chromium? chromium;

    /// <inheritdoc />
    public async Task InitializeAsync() =>
        chromium = Chromium.Executable is { } executable ? await Chromium.LaunchAsync(executable) : null;

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (chromium is not null)
        {
            await chromium.DisposeAsync();
        }
    }

    /// <summary>Serves a history and opens its page. It skips the test where there is no browser.</summary>
    internal async Task<OpenLivePage> OpenAsync(PageHistory history, int width = 1280)
    {
        Skip.If(chromium is null, Chromium.Unavailable);
        LivePageHost host = await LivePageHost.StartAsync(history, port: 0, TimeProvider.System, default);
        IPage page = await chromium!.Browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = ColorScheme.Light,
        });
        OpenLivePage open = new(host, page);
        await page.GotoAsync(host.Address.AbsoluteUri);
        await open.UntilAsync("document.body.dataset.drawn !== undefined");
        return open;
    }
}

/// <summary>The live page of a history in a browser.</summary>
internal sealed class OpenLivePage : IAsyncDisposable
{
    private readonly PageWatch watch;

    internal OpenLivePage(LivePageHost host, IPage page)
    {
        Host = host;
        Page = page;
        watch = new PageWatch(host.Address.AbsoluteUri);
        watch.Follow(page);
    }

    internal LivePageHost Host { get; }

    internal IPage Page { get; }

    /// <inheritdoc cref="PageWatch.Errors" />
    internal List<string> Errors => watch.Errors;

    /// <inheritdoc cref="PageWatch.Requests" />
    internal List<string> Requests => watch.Requests;

    /// <inheritdoc cref="Chromium.UntilAsync" />
    internal Task UntilAsync(string expression) => Chromium.UntilAsync(Page, expression);

    internal async Task<string> TextAsync(string selector) => (await Page.TextContentAsync(selector))!;

    /// <summary>Takes a screenshot into the folder that <c>GREENSERVE_GALLERY</c> names, if it names one.</summary>
    internal async Task ShootAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") is { Length: > 0 } gallery)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(gallery, $"live-{name}.png"), FullPage = true });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        await Host.DisposeAsync();
    }
}
