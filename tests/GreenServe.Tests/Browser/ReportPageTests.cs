using System.Globalization;
using System.Text.Json;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

public sealed class ReportPageTests(ReportPage report) : IClassFixture<ReportPage>
{
    [SkippableFact]
    public async Task Page_DrawsEveryChartWithoutAnErrorOrARequest_WhenItIsScrolledThrough()
    {
        await report.DrawAllAsync();

        Assert.Equal([], report.Errors);
        Assert.Empty(report.Requests);
        Assert.Equal(await Count("figure"), await report.Page.EvaluateAsync<int>("""
            [...document.querySelectorAll('.chart')].filter(chart => chart.querySelector('.js-plotly-plot svg')).length
            """));

        // A chart stands in for its picture, which is there for print.
        await report.UntilAsync("document.querySelectorAll('figure > img').length === document.querySelectorAll('figure').length");
        Assert.Equal(0, await report.Page.EvaluateAsync<int>("""
            [...document.querySelectorAll('figure img')].filter(image => image.offsetParent).length
            """));
        await Screenshots();
    }

    [SkippableFact]
    public async Task Page_KeepsHostileNamesAsText_WhenRecordsHaveThem()
    {
        await report.DrawAllAsync();

        Assert.True(await report.Page.EvaluateAsync<bool>("window.broken === undefined"));
        Assert.Equal(0, await Count("img[src=x]"));

        // Figures cut long names short; tables do not.
        string cut = ReportPage.Hostile[..20];
        Assert.Contains(cut, await report.Page.TextContentAsync("#batch-size .series-keys"), StringComparison.Ordinal);
        await ReportPage.UnfoldAsync(report.Page);
        Assert.Contains(ReportPage.Hostile, await report.Page.TextContentAsync("#table-batch-size-table tbody"), StringComparison.Ordinal);
        await report.UntilAsync("!!document.querySelector('#batch-size img')");
        Assert.Contains(cut, await report.Page.GetAttributeAsync("#batch-size img", "alt"), StringComparison.Ordinal);

        // What the chart library shows on hover: escaped, so that it draws letters.
        string hover = await report.Page.EvaluateAsync<string>("document.querySelector('#batch-size .panel-plot').data[0].hovertext[0]");
        Assert.Contains("&lt;script&gt;", hover, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", hover, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Page_HasTheNumbersOfTheCsv_InTablesAndCharts()
    {
        await report.DrawAllAsync();
        await ReportPage.UnfoldAsync(report.Page);
        ResultTable table = TableFile.Read(Path.Combine(report.Output, "artifacts", "batch-size.csv"));

        foreach (string column in new[] { "joules_per_output_token", "ttft_p99_seconds", "mean_watts" })
        {
            string[] cells = await report.Page.EvaluateAsync<string[]>($$"""
                (() => {
                  const table = document.getElementById('table-batch-size-table');
                  const place = [...table.querySelectorAll('th')].findIndex(head => head.dataset.c === '{{column}}');
                  const cells = [...table.tBodies[0].rows].map(row => row.cells[place].dataset);
                  return cells.map(cell => [cell.v, cell.l, cell.h].join(' '));
                })()
                """);
            Assert.Equal(
                Enumerable.Range(0, table.Rows.Count).Select(row =>
                    string.Join(' ', new[] { "", "_low", "_high" }.Select(suffix => table.Text(row, column + suffix)))),
                cells);
        }

        // The last panel is joules per output token; its first series the measured ones, in the order of the batch.
        JsonElement drawn = (await report.Page.EvaluateAsync("""
            (() => {
              const plots = document.querySelectorAll('#batch-size .panel-plot');
              return [...plots[plots.length - 1].data[0].y];
            })()
            """))!.Value;
        Assert.Equal(
            Enumerable.Range(0, table.Rows.Count)
                .Where(row => table.Text(row, "evidence") == "measured")
                .Select(row => table.Number(row, "joules_per_output_token")!.Value),
            drawn.EnumerateArray().Select(value => value.GetDouble()));
    }

    [SkippableFact]
    public async Task Table_SortsBothWaysAndFilters_WhenAReaderAsks()
    {
        ILocator rows = report.Page.Locator("#table-slo-heatmap");
        await ReportPage.UnfoldAsync(report.Page);
        ILocator head = rows.Locator("th[data-c=joules_per_request] button");

        await head.ClickAsync();
        double[] ascending = await Values();
        await head.PressAsync("Enter");
        double[] descending = await Values();
        await head.ClickAsync();

        Assert.Equal(ascending.Order(), ascending);
        Assert.Equal(ascending.OrderDescending(), descending);
        Assert.Null(await rows.Locator("th[data-c=joules_per_request]").GetAttributeAsync("aria-sort"));

        await rows.Locator("input").FillAsync("high LL");
        int shown = await rows.Locator("tbody tr:visible").CountAsync();
        int total = await rows.Locator("tbody tr").CountAsync();
        Assert.Equal(4 * 5, shown);
        Assert.Equal($"{shown} of {total} rows", await rows.Locator("[role=status]").TextContentAsync());
        await rows.Locator("input").FillAsync("");
        Assert.Equal(total, await rows.Locator("tbody tr:visible").CountAsync());

        async Task<double[]> Values() => [.. (await rows.Locator("tbody tr").EvaluateAllAsync<string[]>(
            "(rows, place) => rows.map(row => row.cells[place].dataset.v)",
            await rows.Locator("th").EvaluateAllAsync<int>("heads => heads.findIndex(head => head.dataset.c === 'joules_per_request')")))
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    [SkippableFact]
    public async Task Legend_HidesASeriesInEveryPanel_WhenItsKeyIsPressed()
    {
        await report.DrawAllAsync();
        ILocator toggle = report.Page.Locator("#gpu-clock .series-keys button").First;

        await toggle.PressAsync("Space");
        await report.UntilAsync("[...document.querySelectorAll('#gpu-clock .panel-plot')].every(plot => plot.data[0].visible === false)");
        Assert.Equal("false", await toggle.GetAttributeAsync("aria-pressed"));
        await toggle.PressAsync("Space");

        await report.UntilAsync("[...document.querySelectorAll('#gpu-clock .panel-plot')].every(plot => plot.data[0].visible !== false)");
    }

    [SkippableFact]
    public async Task Page_FitsAPhoneAndDescribesEveryFigure_WhenItIsNarrow()
    {
        await report.DrawAllAsync();
        await ReportPage.UnfoldAsync(report.Page);
        await report.Page.SetViewportSizeAsync(390, 844);
        try
        {
            Assert.Empty(await report.Page.EvaluateAsync<string[]>("""
                [...document.querySelectorAll('body *')]
                  .filter(one => one.getBoundingClientRect().right > 391 && one.offsetParent && !one.closest('.scroll'))
                  .map(one => `${one.tagName} ${one.id} ${one.className}`)
                """));
            Assert.Equal(0, await Count("img:not([alt]), img[alt='']"));

            // Scrolled to its end, a table still shows the name of the point at its left edge.
            double[] edge = await report.Page.EvaluateAsync<double[]>("""
                (() => {
                  const box = document.querySelector('#table-slo-heatmap .scroll');
                  box.scrollLeft = box.scrollWidth;
                  const name = box.querySelector('tbody td').getBoundingClientRect();
                  const left = name.left - box.getBoundingClientRect().left;
                  box.scrollLeft = 0;
                  return [left, name.width];
                })()
                """);
            Assert.InRange(edge[0], -1, 2);
            Assert.InRange(edge[1], 80, 200);
            Assert.Equal(await Count(".chart"), await report.Page.EvaluateAsync<int>("""
                [...document.querySelectorAll('.chart')]
                  .filter(chart => document.getElementById(chart.getAttribute('aria-describedby')).textContent.length > 20).length
                """));
            Assert.Equal(0, await report.Page.EvaluateAsync<int>("""
                document.querySelectorAll('[id]').length - new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size
                """));
            await Shoot("phone");
        }
        finally
        {
            await report.Page.SetViewportSizeAsync(1280, 900);
        }
    }

    private async Task<int> Count(string selector) => (await report.Page.QuerySelectorAllAsync(selector)).Count;

    private async Task Screenshots()
    {
        await Shoot("light");
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await Shoot("dark");
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }

    private async Task Shoot(string name)
    {
        if (Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") is { Length: > 0 } gallery)
        {
            await report.Page.WaitForTimeoutAsync(1500);
            foreach (string section in new[] { "answer", "batch-size", "gpu-clock", "model-size", "slo-heatmap", "claims", "limits" })
            {
                string path = Path.Combine(gallery, $"report-{name}-{section}.png");
                await report.Page.Locator($"#{section}").ScreenshotAsync(new LocatorScreenshotOptions { Path = path });
            }
        }
    }
}
