using GreenServe.Tests.Analysis.Reports;
using GreenServe.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace GreenServe.Tests.Browser;

/// <summary>Tests of what a page costs its reader: bytes, words, and the time until something is in view.</summary>
public sealed class PageSpeedTests(ReportPage report, ITestOutputHelper output) : IClassFixture<ReportPage>
{
    private const int MaxBytes = 5_000_000;
    private const int MaxWords = 15_000;

    // The chart library takes 1.5 MB of it.
    private const int MaxBytesOfMadeUpReport = 2_500_000;

    private static readonly string Shipped = Repository.PathOf("paper-artifacts", "output", "index.html");

    [SkippableFact]
    public async Task Page_IsInView_BeforeItsChartsAreDrawn()
    {
        ViewportSize wide = new() { Width = 1400, Height = 900 };
        IPage page = await report.OpenAsync(new BrowserNewContextOptions { ViewportSize = wide });
        await page.GotoAsync(File.Exists(Shipped) ? new Uri(Shipped).AbsoluteUri : report.Address);
        await Chromium.UntilAsync(page, "performance.getEntriesByName('first-contentful-paint').length > 0");

        double milliseconds = await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");

        // The number depends on the machine: 1 s is what a reader may wait, and ten times that is a fault on any machine.
        output.WriteLine($"First paint after {milliseconds:0} ms from disk, wanted: below 1,000 ms.");
        Assert.InRange(milliseconds, 0, 10_000);
        await page.Context.CloseAsync();
    }

    [SkippableFact]
    public void Page_IsSmallAndSaysLittle_ForTheShippedArtifacts()
    {
        Skip.IfNot(File.Exists(Shipped), "The shipped artifacts have not been made: run dotnet build paper-artifacts.");
        string html = File.ReadAllText(Shipped);
        int words = PackedPage.Words(html).Length;

        output.WriteLine($"{new FileInfo(Shipped).Length} bytes, {words} words.");
        Assert.InRange(new FileInfo(Shipped).Length, 0, MaxBytes);
        Assert.InRange(words, 0, MaxWords);
    }

    [SkippableFact]
    public void Page_IsSmall_ForAMadeUpReport()
    {
        Skip.If(report.Unavailable is not null, report.Unavailable);

        Assert.InRange(new FileInfo(new Uri(report.Address).LocalPath).Length, 0, MaxBytesOfMadeUpReport);
    }
}
