using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>Tests that every link of the page leads to what it names.</summary>
public sealed class PageLinkTests(ReportPage report) : IClassFixture<ReportPage>
{
    // Charts are drawn when they come near the view; until then their places keep them the same height.
    private const string NearbyDrawn = """
        [...document.querySelectorAll('figure')].filter(figure => {
          const box = figure.getBoundingClientRect();
          return box.bottom > 0 && box.top < innerHeight;
        }).every(figure => figure.querySelector('.chart').dataset.drawn === 'yes')
        """;

    [SkippableTheory]
    [InlineData(1400, 900)]
    [InlineData(390, 844)]
    public async Task Link_LandsWhereItSays_BeforeAndAfterTheChartsAreDrawn(int width, int height)
    {
        ViewportSize view = new() { Width = width, Height = height };
        IPage page = await report.OpenAsync(new BrowserNewContextOptions { ViewportSize = view });
        string[] targets = await page.EvaluateAsync<string[]>(
            "[...new Set([...document.querySelectorAll(\"a[href^='#']\")].map(link => link.getAttribute('href').slice(1)))]");
        Assert.NotEmpty(targets);

        // From the end of the page: nothing above the targets is drawn yet.
        foreach (string target in targets.Reverse())
        {
            await FollowAsync(page, target);
        }

        await ReportPage.DrawAllAsync(page);
        foreach (string target in targets)
        {
            await FollowAsync(page, target);
        }

        await page.Context.CloseAsync();
    }

    [SkippableTheory]
    [InlineData(1400, 900)]
    [InlineData(390, 844)]
    public async Task Address_LandsOnItsPart_WhenThePageIsOpenedThere(int width, int height)
    {
        foreach (string target in new[] { "slo-heatmap", "claims", "limits", "term-slo" })
        {
            IPage page = await report.OpenAsync(
                new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
            await page.GotoAsync($"{report.Address}#{target}");
            await AssertInViewAsync(page, target);
            await page.Context.CloseAsync();
        }
    }

    private static async Task FollowAsync(IPage page, string target)
    {
        await page.EvaluateAsync("""
            target => [...document.querySelectorAll("a[href^='#']")]
              .find(link => link.getAttribute('href').slice(1) === target).click()
            """, target);
        await AssertInViewAsync(page, target);
    }

    private static async Task AssertInViewAsync(IPage page, string target)
    {
        await Chromium.UntilAsync(page, NearbyDrawn);
        double[] place = await page.EvaluateAsync<double[]>("""
            target => {
              const element = document.getElementById(decodeURIComponent(target));
              const isAtEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
              return [element.getBoundingClientRect().top, isAtEnd ? innerHeight - 1 : 40];
            }
            """, target);

        // At the top of the view, or in view where the page ends.
        Assert.True(place[0] >= -1 && place[0] <= place[1], $"{target}: {place[0]} px from the top");
    }
}
