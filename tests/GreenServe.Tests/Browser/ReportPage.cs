using System.Reflection;
using GreenServe.Analysis;
using GreenServe.Records;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>A report of made-up records, some with hostile names, which is opened once in Chromium and shared by the tests.</summary>
/// <remarks>The page is opened from disk. Screenshots go into the folder that <c>GREENSERVE_GALLERY</c> names.</remarks>
public sealed class ReportPage : IAsyncLifetime, IDisposable
{
    internal const string Hostile = "<script>window.broken=1</script><img src=x onerror=window.broken=2>\"'</script><!--";

    private static readonly string[] Places =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    // No sandbox, because tests may run as root; and nothing that reaches for the network on its own.
    private static readonly string[] BrowserArguments =
    [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly TemporaryFolder folder = new();
    private IPlaywright? playwright;
    private IBrowser? browser;
    private IPage? page;

    /// <summary>Errors and warnings on the page's console, and exceptions that the page did not catch.</summary>
    internal List<string> Errors { get; } = [];

    /// <summary>Addresses that the page asked for, other than its own file.</summary>
    internal List<string> Requests { get; } = [];

    /// <summary>Why there is no browser; <c>null</c> if there is one.</summary>
    internal string? Unavailable { get; private set; }

    /// <summary>The folder of the report.</summary>
    internal string Output => folder.PathOf("out");

    /// <summary>The page. Asking for it skips the test where there is no browser.</summary>
    internal IPage Page
    {
        get
        {
            Skip.If(page is null, Unavailable);
            return page!;
        }
    }

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        string? named = Environment.GetEnvironmentVariable("GREENSERVE_CHROMIUM");
        string? executable = string.IsNullOrEmpty(named) ? Places.FirstOrDefault(File.Exists) : named;
        if (executable is null)
        {
            Unavailable = $"No Chromium: none of {string.Join(", ", Places)} is there and GREENSERVE_CHROMIUM names none.";
            return;
        }

        WriteReport();
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", Driver());
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = BrowserArguments,
        });
        page = await browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
            ColorScheme = ColorScheme.Light,
        });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Errors.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Requests.Add(request.Url);
            }
        };
        await page.GotoAsync(new Uri(Path.Combine(Output, "index.html")).AbsoluteUri);
        await UntilAsync("document.querySelector('.chart')?.dataset.drawn === 'yes'");
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
    }

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    /// <summary>Draws every chart, whether in view or not.</summary>
    internal async Task DrawAllAsync()
    {
        foreach (IElementHandle figure in await Page.QuerySelectorAllAsync("figure"))
        {
            await figure.ScrollIntoViewIfNeededAsync();
        }

        await UntilAsync("[...document.querySelectorAll('.chart')].every(chart => chart.dataset.drawn === 'yes')");
    }

    /// <summary>Waits until an expression of the page holds, at most 30 s of real time: a browser is another process.</summary>
    /// <remarks>
    /// After its first look the library's own wait evaluates its text within the page, which the page's Content-Security-Policy forbids.
    /// </remarks>
    internal async Task UntilAsync(string expression)
    {
        const int Looks = 600;
        TimeSpan pause = TimeSpan.FromMilliseconds(50);
        for (int look = 0; look < Looks; look++)
        {
            if (await Page.EvaluateAsync<bool>(expression))
            {
                return;
            }

            await Task.Delay(pause, TimeProvider.System);
        }

        Assert.Fail($"never came true: {expression}");
    }

    private static string Driver() => typeof(ReportPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "PlaywrightDriver").Value!;

    private void WriteReport()
    {
        string records = folder.PathOf("records");
        ArtifactWriterTests.WriteRecords(Path.Combine(records, "a"), SyntheticGrids.Of("batch-size"));
        ArtifactWriterTests.WriteRecords(
            Path.Combine(records, "b"),
            SyntheticGrids.Of("batch-size", 3, EvidenceKind.Measured)
                .Select(run => run with { Model = Hostile, Workload = Hostile, Gpu = Hostile }));
        ArtifactWriterTests.WriteRecords(Path.Combine(records, "c"), SyntheticGrids.Of("gpu-clock"));
        ArtifactWriterTests.WriteRecords(Path.Combine(records, "d"), SyntheticGrids.Of("model-size", repetitions: 1));
        ArtifactWriterTests.WriteRecords(Path.Combine(records, "e"), SyntheticGrids.Of("slo-heatmap", repetitions: 1));
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([records]).Items, Output);
        AnalysisOutput.WriteReport(Repository.PathOf("paper-artifacts", "claims"), Output);
    }
}
