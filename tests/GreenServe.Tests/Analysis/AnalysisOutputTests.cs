using GreenServe.Analysis;
using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Analysis.Reports;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis;

public sealed class AnalysisOutputTests
{
    private const string Hostile = "<script>alert('x')</script>|*a*";

    private static string ClaimsFolder => Repository.PathOf("paper-artifacts", "claims");

    [Fact]
    public void WriteReport_ShowsEveryArtifactAndClaim_AndEscapesForeignText()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(
            folder.PathOf("records"),
            SyntheticGrids.Of("batch-size", repetitions: 1).Select(run => run with { Model = Hostile, Workload = Hostile }));
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));

        IReadOnlyList<ClaimResult> results = AnalysisOutput.WriteReport(ClaimsFolder, folder.PathOf("out"));

        string html = File.ReadAllText(folder.PathOf("out", "index.html"));
        string markdown = File.ReadAllText(folder.PathOf("out", "index.md"));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", markdown, StringComparison.Ordinal);
        Assert.Contains("artifacts/batch-size.svg", markdown, StringComparison.Ordinal);
        string tables = PackedPage.Read(html, "tables").GetRawText();
        Assert.All(results.Select(result => result.Claim.Id).Distinct(), id => Assert.Contains(id, tables, StringComparison.Ordinal));

        ResultTable claims = TableFile.Read(folder.PathOf("out", "claims.csv"));
        Assert.Equal(results.Count, claims.Rows.Count);
        int row = results.ToList()
            .FindIndex(result => result.Claim.Id == "greener-batch-energy" && result.Evidence == EvidenceKind.Simulated);
        Assert.Equal("PASS", claims.Text(row, "verdict"));
    }

    [Fact]
    public void WriteReport_SaysWhatSimulatedNumbersMayBeOffBy_AmongItsFindings()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(
            folder.PathOf("records"),
            SyntheticGrids.Of("batch-size", repetitions: 1).Select(run => run with { ErrorBands = SyntheticRun.SomeBands }));
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));

        AnalysisOutput.WriteReport(claimsFolder: null, folder.PathOf("out"));

        Assert.Contains(
            "at the widest: TTFT -40 to +100 %; TBT -10 to +20 %; throughput -20 to +30 %; power ± 25 %; energy per token -30 to +40 %.",
            File.ReadAllText(folder.PathOf("out", "index.md")).Replace("\\", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EvidenceKind.Simulated, true)]
    [InlineData(EvidenceKind.Measured, false)]
    public void LacksSimulatorErrors_IsTrue_WhereOnlySimulatedNumbersStand(EvidenceKind evidence, bool expected)
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1, evidence));
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));

        Assert.Equal(expected, AnalysisOutput.LacksSimulatorErrors(folder.PathOf("out")));
    }

    [Fact]
    public void WriteArtifacts_Refuses_WhenAnArtifactDoesNotExist()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), [new SyntheticRun { Artifact = "no-such-figure" }]);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out")));

        Assert.Equal("no-such-figure", exception.Problems[0].Found);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public void WriteArtifacts_ListsRuns_ThatBelongToNoArtifact()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), [new SyntheticRun(), new SyntheticRun { StepSeconds = 0.2 }]);

        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));

        ResultTable runs = TableFile.Read(folder.PathOf("out", "artifacts", "runs.csv"));
        Assert.Equal([0.1, 0.2], new[] { 0, 1 }.Select(row => Math.Round(runs.Number(row, "tpot_mean_seconds")!.Value, 9)));
        Assert.Equal("VALID", runs.Text(0, "verdict"));
    }

    [Fact]
    public void WriteReport_NamesFileAndColumn_WhenTheTableOfAnArtifactLacksOne()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1));
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));
        string path = folder.PathOf("out", "artifacts", "batch-size.csv");
        File.WriteAllText(path, File.ReadAllText(path).Replace(",slo_feasible,", ",slo_feasable,", StringComparison.Ordinal));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => AnalysisOutput.WriteReport(ClaimsFolder, folder.PathOf("out")));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal(("slo_feasible", "no such column", path), (problem.Place, problem.Found, problem.File));
    }

    [Fact]
    public void WriteReport_IsEmptyButWritten_WhenThereIsNoArtifact()
    {
        using TemporaryFolder folder = new();

        IReadOnlyList<ClaimResult> results = AnalysisOutput.WriteReport(ClaimsFolder, folder.PathOf("out"));

        Assert.All(results, result => Assert.Equal(ClaimVerdict.NotTested, result.Verdict));
        Assert.True(File.Exists(folder.PathOf("out", "index.html")));
    }
}
