using GreenServe.Analysis;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Advising.Pages;

public sealed class AdviceReportsTests
{
    [Fact]
    public void Write_GivesTheReportTheAdvice_WhenAFolderHoldsOne()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.PathOf("given", "runs"));
        SyntheticAdvice.Full().Write(folder.PathOf("given", AdviceDocument.FileName));

        AdviceReports.Write([folder.PathOf("given")], folder.PathOf("out"));
        AnalysisOutput.WriteReport(claimsFolder: null, folder.PathOf("out"));

        string html = File.ReadAllText(folder.PathOf("out", "index.html"));
        Assert.Contains(SyntheticAdvice.Recommended, html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"advice.html\">", html, StringComparison.Ordinal);
        Assert.Contains("[page](advice.html)", File.ReadAllText(folder.PathOf("out", "index.md")), StringComparison.Ordinal);
        Assert.True(File.Exists(folder.PathOf("out", "advice.html")));
    }

    [Fact]
    public void Write_NumbersTheFolders_WhenThereAreSeveral()
    {
        using TemporaryFolder folder = new();
        foreach (string name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(folder.PathOf("given", name));
            SyntheticAdvice.Plain().Write(folder.PathOf("given", name, AdviceDocument.FileName));
        }

        AdviceReports.Write([folder.PathOf("given"), folder.PathOf("given", "a")], folder.PathOf("out"));

        Assert.Equal(
            ["advice-1", "advice-2"], Directory.GetDirectories(folder.PathOf("out")).Select(path => Path.GetFileName(path)).Order());
    }
}
