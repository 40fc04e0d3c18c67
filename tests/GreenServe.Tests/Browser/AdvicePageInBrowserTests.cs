using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Tests.Analysis.Advising.Pages;
using GreenServe.Tests.Fixtures;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>The page of an advice in Chromium. Screenshots go into the folder that <c>GREENSERVE_GALLERY</c> names.</summary>
public sealed class AdvicePageInBrowserTests : IAsyncLifetime, IDisposable
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
    public async Task Page_DrawsEveryChartAndSaysEverythingOfASetting_WithoutAnErrorOrARequest()
    {
        IPage page = await OpenAsync(SyntheticAdvice.Full());

        // The grid has 3 x 8 x 4 x 2 settings. Each that has a name among them, the four finalists and the two beside them, is drawn once.
        int[] points = await page.EvaluateAsync<int[]>("""
            document.querySelector('[data-figure=advice-pareto] .panel-plot').data.map(trace => trace.x.length)
            """);
        string hover = await page.EvaluateAsync<string>("""
            (data => data[data.length - 1].hovertext[0])(document.querySelector('[data-figure=advice-pareto] .panel-plot').data)
            """);
        Assert.True(points.Sum() >= 192, $"{points.Sum()} points");
        Assert.StartsWith(
            $"<b>{SyntheticAdvice.Recommended}</b><br>simulated: 3 runs, 3,000 requests<br>", hover, StringComparison.Ordinal);
        Assert.Contains("TTFT at P99 of SS, SM, SL: ", hover, StringComparison.Ordinal);
        Assert.Equal([], watch.Errors);
        Assert.Empty(watch.Requests);
        await ShootAsync(page, "light");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await ShootAsync(page, "dark");
    }

    [SkippableFact]
    public async Task Page_FitsAPhone_AndKeepsTheNamesOfSettingsInView()
    {
        IPage page = await OpenAsync(SyntheticAdvice.Full(), width: 390);

        Assert.Empty(await PhoneLayout.TooWideAsync(page));

        // Scrolled to its end, the table still shows the first column at its left edge.
        Assert.InRange(await PhoneLayout.FirstColumnOffsetAsync(page, "table-finalists"), -1, 2);
        await ShootAsync(page, "phone");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await ShootAsync(page, "phone-dark");
    }

    [SkippableTheory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(1400, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_HasNoSeriousFault_ForReadersWithDisabilities(int width, ColorScheme scheme)
    {
        IPage page = await OpenAsync(SyntheticAdvice.Full(), width);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });

        Assert.Empty(await Accessibility.FaultsAsync(page));
    }

    private async Task<IPage> OpenAsync(AdviceDocument document, int width = 1280)
    {
        Skip.If(chromium is null, Chromium.Unavailable);
        AdvicePage.Write(document, folder.Root);
        IPage page = await chromium!.Browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = ColorScheme.Light,
        });
        watch.Follow(page);
        await page.GotoAsync(new Uri(folder.PathOf(AdvicePage.FileName)).AbsoluteUri);
        await ReportPage.DrawAllAsync(page);
        return page;
    }

    private async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") is { Length: > 0 } gallery)
        {
            await page.WaitForTimeoutAsync(1500);
            foreach (ILocator section in await page.Locator("section").AllAsync())
            {
                string path = Path.Combine(gallery, $"advice-{name}-{await section.GetAttributeAsync("id")}.png");
                await section.ScreenshotAsync(new LocatorScreenshotOptions { Path = path });
            }

            foreach (string picture in Directory.GetFiles(folder.PathOf("artifacts"), "*.png"))
            {
                File.Copy(picture, Path.Combine(gallery, Path.GetFileName(picture)), overwrite: true);
            }
        }
    }
}
