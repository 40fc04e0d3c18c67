using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using GreenServe.Tests.Watching;
using GreenServe.Watching.Courses;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

public sealed class LivePageInBrowserTests(LivePages pages) : IClassFixture<LivePages>
{
    [SkippableFact]
    public async Task Page_ShowsTheRunSoFar_WhenItIsOpenedLate()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, LiveScenes.Run, from: 0, to: 80);

        await using OpenLivePage open = await pages.OpenAsync(history);

        Assert.Equal("measured", await open.TextAsync("#evidence"));
        Assert.True(await open.Page.EvaluateAsync<bool>("document.querySelector('header .name').firstElementChild.id === 'evidence'"));
        Assert.Equal("chat, llama-3.1-8b at http://127.0.0.1:8000", await open.TextAsync("#title"));
        Assert.Equal("Measuring", await open.TextAsync("#phase"));
        Assert.Equal("elapsed 1 min 20 s · about 1 min 10 s left · 0 of 1 points done", await open.TextAsync("#times"));
        Assert.Equal("Live", await open.TextAsync("#connection"));

        // The load is 70 s old: 0.52 + 6 / 70² = 0.521 J.
        Assert.StartsWith("J per output token0.521", await open.TextAsync("#tiles div:first-child"), StringComparison.Ordinal);
        Assert.Contains("Reasons against this run so far", await open.TextAsync("#verdict"), StringComparison.Ordinal);
        Assert.Contains("client-lag", await open.TextAsync("#reasons"), StringComparison.Ordinal);
        Assert.Equal(7, await open.Page.Locator("svg.chart:visible").CountAsync());
        Assert.Equal(81, await open.Page.EvaluateAsync<int>("Number(document.body.dataset.drawn)"));
        Assert.Equal([], open.Errors);
        Assert.Empty(open.Requests);
        await open.ShootAsync("run");
    }

    [SkippableFact]
    public async Task Page_FollowsToTheEnd_WhenTheRunGoesOn()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, LiveScenes.Run, from: 0, to: 5);
        await using OpenLivePage open = await pages.OpenAsync(history);
        Assert.Equal("Measuring the power without load", await open.TextAsync("#phase"));
        Assert.Equal("Power and temperature must hold still for 20 s", await open.TextAsync("#activity"));

        LiveFeedScenes.Play(history, LiveScenes.Run, from: 6, to: 40);
        await open.UntilAsync("document.getElementById('phase').textContent === 'Measuring'");
        LivePointResult result = new("chat", "VALID", IsValid: true) { JoulesPerOutputToken = 0.4567, OutputTokensPerSecond = 811 };
        LiveSnapshot ended = LiveScenes.Run(41) with { Phase = LivePhase.Ended, Load = null, Reasons = [], Ended = [result] };
        LiveState state = LiveFeed.StateOf(ended);
        history.Show(state, [state.Now], ended.Ended);
        history.Complete();
        await open.UntilAsync("document.getElementById('connection').textContent === 'The run has ended'");
        await open.UntilAsync("document.getElementById('phase').textContent === 'Ended'");
        await open.Host.DisposeAsync();

        Assert.Equal("J per output token0.457in the steady window", await open.TextAsync("#tiles div:first-child"));
        Assert.Equal("VALID", await open.TextAsync("#verdict-title"));
        Assert.Equal("The run has ended", await open.TextAsync("#connection"));
        Assert.Equal([], open.Errors);
        await open.ShootAsync("ended");
    }

    [SkippableFact]
    public async Task Page_SaysThatTheConnectionIsLost_WhenTheCommandIsKilled()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, LiveScenes.Run, from: 0, to: 30);
        await using OpenLivePage open = await pages.OpenAsync(history);

        await open.Host.DisposeAsync();
        await open.UntilAsync("document.getElementById('connection').textContent.startsWith('Connection lost at ')");

        Assert.Contains("lost", await open.Page.GetAttributeAsync("#connection", "class"), StringComparison.Ordinal);
        Assert.Equal("Measuring", await open.TextAsync("#phase"));
        await open.ShootAsync("lost");
    }

    [SkippableFact]
    public async Task Page_ShowsTheSettingsOfASearch_AndKeepsTheirNamesAsText()
    {
        FakeTimeProvider clock = new();
        PageHistory history = new();
        await using LiveFeed feed = LiveFeed.Start(LiveScenes.Search(clock, ended: 30, ReportPage.Hostile), history, clock);

        await using OpenLivePage open = await pages.OpenAsync(history);

        Assert.Contains("about 10 s left", await open.TextAsync("#times"), StringComparison.Ordinal);
        Assert.StartsWith($"Best so far (J/token)2{ReportPage.Hostile}, 20 MHz, worst latency at 100 % of its limit",
            await open.TextAsync("#tiles div:first-child"), StringComparison.Ordinal);
        Assert.Equal("Simulations30of at most 40", await open.TextAsync("#tiles div:nth-child(2)"));

        // 20 keep the limit, one of them is the best so far; 10 miss it.
        Assert.Equal((10, 1, 19), (
            await open.Page.Locator("svg.trials circle.refused").CountAsync(),
            await open.Page.Locator("svg.trials circle.best").CountAsync(),
            await open.Page.Locator("svg.trials circle[class='']").CountAsync()));
        Assert.Contains(ReportPage.Hostile, await open.TextAsync("svg.trials circle.best title"), StringComparison.Ordinal);
        Assert.True(await open.Page.EvaluateAsync<bool>("window.broken === undefined"));
        Assert.Equal([], open.Errors);
        Assert.Empty(open.Requests);
        await open.ShootAsync("search");
        await open.Page.SetViewportSizeAsync(390, 844);
        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await open.ShootAsync("search-phone");
    }

    [SkippableFact]
    public async Task Grid_FillsInAndFollowsItsChoices_WhenASweepGoesOn()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, second => LiveScenes.Sweep(second, (int)second), from: 0, to: 20);
        await using OpenLivePage open = await pages.OpenAsync(history);

        Assert.Equal("simulated", await open.TextAsync("#evidence"));
        Assert.Contains("20 of 40 points done", await open.TextAsync("#times"), StringComparison.Ordinal);

        // 20 points are the whole plane of the low load: 5 clocks down, 4 batches across, of which every 7th is INVALID: 20 / 7 = 2.
        Assert.Equal(20, await open.Page.Locator(".heat td:not(.pending)").CountAsync());
        Assert.Equal(2, await open.Page.Locator(".heat td.invalid").CountAsync());

        // The least of 3.2 / √batch + ((clock - 1410) / 900)² is that of batch 128 at 1410 MHz: 0.283 J.
        Assert.Equal("0.283", await open.TextAsync(".heat td.best"));
        Assert.Equal(0, await open.Page.Locator("svg.chart:visible").CountAsync());
        await open.ShootAsync("sweep");

        LiveFeedScenes.Play(history, second => LiveScenes.Sweep(second, (int)second), from: 21, to: 24);
        await open.UntilAsync("document.getElementById('ended-summary').textContent.startsWith('24 points')");
        await open.Page.Locator(".choices label:nth-child(4) select").SelectOptionAsync(new SelectOptionValue { Label = "high" });
        Assert.Equal(4, await open.Page.Locator(".heat td:not(.pending)").CountAsync());
        await open.Page.Locator(".choices label:nth-child(1) select")
            .SelectOptionAsync(new SelectOptionValue { Label = "output tokens per second" });

        // The most of 30 × √batch × clock / 1980 at 990 MHz is that of batch 128: 169.7.
        Assert.Equal("170", await open.TextAsync(".heat td.best"));
        await open.Page.Locator(".choices label:nth-child(2) select").SelectOptionAsync(new SelectOptionValue { Label = "load" });
        Assert.Equal("clock_megahertz \\ load", await open.TextAsync(".heat thead th:first-child"));
        Assert.Equal([], open.Errors);
    }

    [SkippableFact]
    public async Task Grid_ShowsARow_WhenThePointsOfASearchHaveNoCommonAxis()
    {
        PageHistory history = new();
        LiveSnapshot scene = LiveScenes.Run(30) with
        {
            Ended =
            [
                Point("users-1", "users", "1", joules: 30),
                Point("rate-0.7", "requests_per_second", "0.7", joules: 22),
                Point("rate-2.8", "requests_per_second", "2.8", joules: 9),
            ],
        };
        LiveState state = LiveFeed.StateOf(scene);
        history.Show(state, [state.Now], scene.Ended);

        await using OpenLivePage open = await pages.OpenAsync(history);

        Assert.Equal("pointusers-1rate-0.7rate-2.8", await open.TextAsync(".heat thead tr"));
        Assert.Equal("30229", await open.TextAsync(".heat tbody tr"));
        Assert.Equal("9", await open.TextAsync(".heat td.best"));

        static LivePointResult Point(string name, string axis, string value, double joules) => new(name, "VALID", IsValid: true)
        {
            JoulesPerOutputToken = joules,
            Axes = new Dictionary<string, string> { [axis] = value },
        };
    }

    [SkippableFact]
    public async Task Page_KeepsHostileTextAsText_WhenNamesHoldMarkup()
    {
        const string Hostile = ReportPage.Hostile;
        PageHistory history = new();
        LiveSnapshot scene = LiveScenes.Run(30) with
        {
            Title = Hostile,
            Activity = Hostile,
            Point = Hostile,
            Meters = [new LiveMeter(Hostile, GreenServe.Records.Measurements.MeterScope.Gpu, 5)],
            Reasons = [new VerdictReason(VerdictCode.ClientLag, Hostile)],
            Ended =
            [
                new LivePointResult(Hostile, Hostile, IsValid: false) { Axes = new Dictionary<string, string> { [Hostile] = Hostile } },
                new LivePointResult("b", "VALID", IsValid: true)
                {
                    Axes = new Dictionary<string, string> { [Hostile] = "__proto__", ["__proto__"] = "1" },
                    JoulesPerOutputToken = 1,
                },
            ],
        };
        LiveState state = LiveFeed.StateOf(scene);
        history.Show(state, [state.Now], scene.Ended);

        await using OpenLivePage open = await pages.OpenAsync(history);

        Assert.True(await open.Page.EvaluateAsync<bool>("window.broken === undefined"));
        Assert.Equal(0, await open.Page.Locator("img").CountAsync());
        foreach (string place in new[] { "#title", "#activity", "#point", "#reasons", "#charts", "#tiles", "#ended", ".heat" })
        {
            Assert.Contains(Hostile, await open.TextAsync(place), StringComparison.Ordinal);
        }

        Assert.Equal([], open.Errors);
    }

    [SkippableFact]
    public async Task Page_FitsAPhoneAndTheDark()
    {
        PageHistory history = new();
        LiveFeedScenes.Play(history, WithLongNames, from: 0, to: 80);
        await using OpenLivePage open = await pages.OpenAsync(history, width: 390);

        Assert.Empty(await open.Page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('body *')]
              .filter(one => one.scrollWidth > one.clientWidth + 1 && one.matches('dt, dd, h1, h3, li, .keys span')
                || one.getBoundingClientRect().right > 391 && !one.closest('.scroll') && !one.closest('svg'))
              .map(one => `${one.tagName} ${one.id} ${one.className}`)
            """));
        Assert.Equal(7, await open.Page.EvaluateAsync<int>(
            "[...document.querySelectorAll('svg.chart')].filter(chart => chart.getAttribute('aria-label').includes('Now: ')).length"));
        await open.ShootAsync("phone");
        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        Assert.Equal("rgb(13, 17, 23)", await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await open.ShootAsync("phone-dark");
        await open.Page.SetViewportSizeAsync(1280, 900);
        await open.ShootAsync("dark");
    }

    /// <summary>A run in a sweep, whose meters have the names that an exporter gives them.</summary>
    private static LiveSnapshot WithLongNames(double second) => LiveScenes.Run(second) with
    {
        Ended = LiveScenes.Sweep(0, 30).Ended,
        Meters =
        [
            .. Enumerable.Range(0, 4).Select(gpu => new LiveMeter(
                $"127.0.0.1:DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION.{gpu}", GreenServe.Records.Measurements.MeterScope.Gpu, 300 + gpu)),
        ],
    };
}
