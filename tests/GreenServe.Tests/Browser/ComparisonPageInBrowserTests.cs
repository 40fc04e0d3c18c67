using GreenServe.Analysis.Comparison.Pages;
using GreenServe.Tests.Analysis.Comparison.Pages;
using GreenServe.Tests.Fixtures;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>The page of a comparison in Chromium. Screenshots go into the folder that <c>GREENSERVE_GALLERY</c> names.</summary>
public sealed class ComparisonPageInBrowserTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PageWatch watch = PageWatch.OfFiles();
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

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public async Task Page_DrawsASeriesForEachSet_WithoutAnErrorOrARequest()
    {
        IPage page = await OpenAsync(width: 1400);

        string[] names = await page.EvaluateAsync<string[]>("""
            document.querySelector('.panel-plot').data.map(trace => trace.name).filter(name => name)
            """);
        Assert.Superset(
            new HashSet<string> { "before (simulated)", "hotter (simulated)", "other (simulated)" }, names.ToHashSet());
        Assert.Equal([], watch.Errors);
        Assert.Empty(watch.Requests);
        await ShootAsync(page, "desktop");
    }

    [SkippableFact]
    public async Task Page_FitsAPhone_AndKeepsTheNamesOfMetricsInView()
    {
        IPage page = await OpenAsync(width: 390);

        Assert.Empty(await PhoneLayout.TooWideAsync(page));

        // Scrolled to its end, the table still shows the first column at its left edge.
        Assert.InRange(await PhoneLayout.FirstColumnOffsetAsync(page, "table-notable"), -1, 2);
        Assert.Equal([], watch.Errors);
        Assert.Empty(watch.Requests);
        await ShootAsync(page, "phone");
    }

    [SkippableTheory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_HasNoSeriousFault_ForReadersWithDisabilities(int width, ColorScheme scheme)
    {
        IPage page = await OpenAsync(width);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });

        Assert.Empty(await Accessibility.FaultsAsync(page));
    }

    private async Task<IPage> OpenAsync(int width)
    {
        Skip.If(chromium is null, Chromium.Unavailable);
        ComparisonPage.Write(ComparedSets.Three(folder), folder.PathOf("page"));
        IPage page = await chromium!.Browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = ColorScheme.Light,
        });
        watch.Follow(page);
        await page.GotoAsync(new Uri(folder.PathOf("page", ComparisonPage.FileName)).AbsoluteUri);
        await ReportPage.DrawAllAsync(page);
        return page;
    }

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") is { Length: > 0 } gallery)
        {
            foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await page.WaitForTimeoutAsync(1000);
                string path = Path.Combine(gallery, $"comparison-{name}-{scheme.ToString().ToLowerInvariant()}.png");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = true });
            }
        }
    }
}
