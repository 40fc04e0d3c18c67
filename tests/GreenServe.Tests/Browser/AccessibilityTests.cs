using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>Tests that axe-core finds no serious fault on the page of a report.</summary>
public sealed class AccessibilityTests(ReportPage report) : IClassFixture<ReportPage>
{
    [SkippableTheory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(1400, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Page_HasNoSeriousFault_ForReadersWithDisabilities(int width, ColorScheme scheme)
    {
        IPage page = await report.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
        });
        await ReportPage.DrawAllAsync(page);

        Assert.Empty(await Accessibility.FaultsAsync(page));
        await page.Context.CloseAsync();
    }

    [SkippableFact]
    public async Task Front_ReachesEveryMark_ByTheArrowKeys()
    {
        ViewportSize wide = new() { Width = 1400, Height = 900 };
        IPage page = await report.OpenAsync(new BrowserNewContextOptions { ViewportSize = wide });
        await Chromium.UntilAsync(page, "!!document.querySelector('#front-plot .mark')");
        int marks = await page.Locator("#front-plot .mark").CountAsync();
        await page.Locator("#front-plot .mark[tabindex='0']").FocusAsync();
        HashSet<string> told = [];

        for (int step = 0; step < marks; step++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
            told.Add(await page.Locator("#front-plot .mark:focus").GetAttributeAsync("data-setting") ?? "");
            Assert.StartsWith(told.Last(), await page.TextContentAsync("#readout h4"), StringComparison.Ordinal);
        }

        Assert.Equal(marks, told.Count);
        await page.Context.CloseAsync();
    }
}
