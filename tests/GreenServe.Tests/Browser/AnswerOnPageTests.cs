using System.Globalization;
using System.Text.Json;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>Tests that the page recomputes answers as the points in <c>settings.csv</c> have them.</summary>
public sealed class AnswerOnPageTests(ReportPage report) : IClassFixture<ReportPage>
{
    private static readonly BrowserNewContextOptions Wide = new() { ViewportSize = new ViewportSize { Width = 1400, Height = 900 } };

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slider_FindsTheLeastOfTheCsv_WhateverTheLimits(bool keepsSlo)
    {
        IPage page = await OpenAsync();
        ResultTable table = TableFile.Read(Path.Combine(report.Output, "settings.csv"));
        await page.SetCheckedAsync("#keeps-slo", keepsSlo);
        HashSet<string> found = [];
        foreach ((double ttft, double tbt) in new[] { (1.0, 1.0), (0.6, 1.0), (0.3, 1.0), (1.0, 0.6), (1.0, 0.2), (0.5, 0.4), (0.0, 1.0) })
        {
            double? ttftSeconds = await LimitAsync(page, "ttft", ttft);
            double? tbtSeconds = await LimitAsync(page, "tbt", tbt);
            Shown shown = await ShownAsync(page);
            int[] candidates =
            [
                .. Enumerable.Range(0, table.Rows.Count).Where(row => table.Text(row, "question") == shown.Question
                    && table.Number(row, "joules_per_output_token") is > 0
                    && (!keepsSlo || table.Text(row, "keeps_slo") == "yes")
                    && (ttftSeconds is null || table.Number(row, "ttft_p99_seconds") <= ttftSeconds)
                    && (tbtSeconds is null || table.Number(row, "tbt_p99_seconds") <= tbtSeconds)),
            ];
            if (candidates.Length == 0)
            {
                Assert.Equal("", shown.Setting);
                continue;
            }

            int least = candidates.MinBy(row => table.Number(row, "joules_per_output_token"));
            int standard = Enumerable.Range(0, table.Rows.Count).Single(row => table.Text(row, "question") == shown.Question
                && table.Text(row, "setting") == table.Text(least, "default_setting"));
            Assert.Equal(table.Text(least, "setting"), shown.Setting);
            Assert.Equal(
                1 - (table.Number(least, "joules_per_output_token")!.Value / table.Number(standard, "joules_per_output_token")!.Value),
                shown.Saving!.Value,
                tolerance: 1e-12);
            found.Add(shown.Setting);
        }

        // Limits that never change the answer would test nothing.
        Assert.True(found.Count > 1, string.Join("; ", found));
        await page.Context.CloseAsync();
    }

    [SkippableFact]
    public async Task Sentences_AreThoseOfThePageWithoutScripts_BeforeAReaderTouchesAnything()
    {
        IPage page = await OpenAsync();
        string[] computed = await SentencesAsync(page);
        IPage plain = await report.OpenAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });

        string[] written =
        [
            .. (await plain.Locator("#sentence, #sentences li, #warnings li").AllTextContentsAsync()).Select(text => text.Trim()),
        ];

        Assert.Equal(written, computed);
        Assert.False(await plain.IsVisibleAsync("#ask"));
        Assert.True(await plain.Locator("figure img").CountAsync() > 0);
        await page.Context.CloseAsync();
        await plain.Context.CloseAsync();
    }

    [SkippableFact]
    public async Task Choosers_AgreeWithTheAnswersOfTheTable_ForEveryQuestion()
    {
        IPage page = await OpenAsync();
        ResultTable answers = TableFile.Read(Path.Combine(report.Output, "answers.csv"));
        HashSet<string> seen = [];
        await VisitAsync(page, 0, async () =>
        {
            Shown shown = await ShownAsync(page);
            Assert.True(seen.Add(shown.Question), shown.Question);
            int row = Enumerable.Range(0, answers.Rows.Count).Single(one => answers.Text(one, "question") == shown.Question);
            Assert.Equal(answers.Text(row, "best_setting") ?? "", shown.Setting);
            Assert.Equal(answers.Number(row, "saving"), shown.Saving);
            if (answers.Number(row, "feasible_settings") > 1)
            {
                Assert.Equal(answers.Number(row, "probability_least") ?? double.NaN, shown.Probability ?? double.NaN, tolerance: 1e-6);
            }
        });

        Assert.Equal(answers.Rows.Count, seen.Count);
        Assert.Equal([], report.Errors);
        await page.Context.CloseAsync();
    }

    [SkippableFact]
    public async Task Front_ShowsTheSettingThatAReaderPointsAt_WithEverythingKnownOfIt()
    {
        IPage page = await OpenAsync();
        ILocator mark = page.Locator("#front-plot .mark").First;
        string setting = (await mark.GetAttributeAsync("data-setting"))!;

        await mark.HoverAsync();

        string told = (await page.TextContentAsync("#readout"))!;
        Assert.StartsWith(setting, told, StringComparison.Ordinal);
        Assert.All(
            new[] { "J per output token", "J per request", "TTFT", "TBT", "Power", "Output", "GPUs", "requests" },
            part => Assert.Contains(part, told, StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync()
    {
        IPage page = await report.OpenAsync(Wide);
        await Chromium.UntilAsync(page, "!!document.querySelector('#front-plot .mark')");
        return page;
    }

    /// <summary>Goes through every value of every chooser from one on.</summary>
    private static async Task VisitAsync(IPage page, int chooser, Func<Task> visit)
    {
        ILocator choosers = page.Locator("#ask select");
        if (chooser == await choosers.CountAsync())
        {
            await visit();
            return;
        }

        string[] values = await choosers.Nth(chooser).EvaluateAsync<string[]>("select => [...select.options].map(option => option.value)");
        foreach (string value in values)
        {
            await choosers.Nth(chooser).EvaluateAsync(
                "(select, value) => { select.value = value; select.dispatchEvent(new Event('change')); }", value);
            await VisitAsync(page, chooser + 1, visit);
        }
    }

    /// <summary>Moves a slider to a share of its way, and gives the limit that it then states (s); <c>null</c> for none.</summary>
    private static async Task<double?> LimitAsync(IPage page, string name, double share)
    {
        string seconds = await page.Locator($"#limit-{name}").EvaluateAsync<string>("""
            (slider, share) => {
              slider.value = Math.round(share * slider.max);
              slider.dispatchEvent(new Event('input'));
              return slider.dataset.seconds;
            }
            """, share);
        return Read(seconds);
    }

    private static async Task<Shown> ShownAsync(IPage page)
    {
        JsonElement data = (await page.EvaluateAsync("({ ...document.getElementById('sentence').dataset })"))!.Value;
        string Text(string name) => data.GetProperty(name).GetString()!;
        return new Shown(Text("question"), Text("setting"), Read(Text("saving")), Read(Text("probability")));
    }

    private static async Task<string[]> SentencesAsync(IPage page) =>
        [.. (await page.Locator("#sentence, #sentences li, #warnings li").AllTextContentsAsync()).Select(text => text.Trim())];

    private static double? Read(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Shown(string Question, string Setting, double? Saving, double? Probability);
}
