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

    private readonly TemporaryFolder folder = new();
    private readonly PageWatch watch = PageWatch.OfFiles();
    private Chromium? chromium;
    private IPage? page;

    /// <inheritdoc cref="PageWatch.Errors" />
    internal List<string> Errors => watch.Errors;

    /// <inheritdoc cref="PageWatch.Requests" />
    internal List<string> Requests => watch.Requests;

    /// <summary>Why there is no browser; <c>null</c> if there is one.</summary>
    internal string? Unavailable { get; private set; }

    /// <summary>The folder of the report.</summary>
    internal string Output => folder.PathOf("out");

    /// <summary>The address of the page.</summary>
    internal string Address => new Uri(Path.Combine(Output, "index.html")).AbsoluteUri;

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
        if (Chromium.Executable is not { } executable)
        {
            Unavailable = Chromium.Unavailable;
            return;
        }

        WriteReport();
        chromium = await Chromium.LaunchAsync(executable);
        page = await OpenAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        await UntilAsync("!!document.querySelector('#front-plot .mark')");
    }

    /// <summary>Opens the page once more, in a context of its own. It is closed with the browser.</summary>
    internal async Task<IPage> OpenAsync(BrowserNewContextOptions options)
    {
        Skip.If(chromium is null, Unavailable);
        options.ColorScheme ??= ColorScheme.Light;
        IBrowserContext context = await chromium!.Browser.NewContextAsync(options);
        IPage opened = await context.NewPageAsync();
        watch.Follow(opened);
        await opened.GotoAsync(Address);
        return opened;
    }

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

    /// <summary>Draws every chart, whether in view or not.</summary>
    internal Task DrawAllAsync() => DrawAllAsync(Page);

    /// <inheritdoc cref="DrawAllAsync()" />
    internal static async Task DrawAllAsync(IPage page)
    {
        foreach (IElementHandle figure in await page.QuerySelectorAllAsync("figure"))
        {
            await figure.ScrollIntoViewIfNeededAsync();
        }

        await Chromium.UntilAsync(page, "[...document.querySelectorAll('.chart')].every(chart => chart.dataset.drawn === 'yes')");
    }

    /// <summary>Opens everything that a page has folded away.</summary>
    internal static async Task UnfoldAsync(IPage page)
    {
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => { one.open = true; })");
        await Chromium.UntilAsync(page, "!document.querySelector('.packed:empty')");
    }

    /// <inheritdoc cref="Chromium.UntilAsync" />
    internal Task UntilAsync(string expression) => Chromium.UntilAsync(Page, expression);

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
        ArtifactWriterTests.WriteRecords(Path.Combine(records, "e"), SyntheticGrids.Of("slo-heatmap", repetitions: 2));
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([records]).Items, Output);
        AnalysisOutput.WriteReport(Repository.PathOf("paper-artifacts", "claims"), Output);
    }
}
