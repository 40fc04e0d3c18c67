using System.Text.Json;
using System.Text.RegularExpressions;
using GreenServe.Analysis;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "</script><script>alert(1)</script><!--<script>\"'\u2028";

    [Fact]
    public void WriteReport_GivesTheSameBytes_ForTheSameRecords()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("gpu-clock"));

        byte[][] pages = [.. new[] { "a", "b" }.Select(name =>
        {
            AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf(name));
            AnalysisOutput.WriteReport(Repository.PathOf("paper-artifacts", "claims"), folder.PathOf(name));
            return File.ReadAllBytes(folder.PathOf(name, "index.html"));
        })];

        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public void WriteReport_KeepsTheEmbeddedData_WhenANameEndsAScript()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(
            folder.PathOf("records"),
            new[] { "llama-2-7b", Hostile }.SelectMany(
                model => SyntheticGrids.Of("batch-size", repetitions: 1).Select(run => run with { Model = model })));
        string html = Report(folder);

        // The script, the chart library and four parts of data, and what ends them, however often a name says so.
        Assert.Equal(6, Regex.Count(html, "<script"));
        Assert.Equal(6, Regex.Count(html, "</script>"));
        JsonElement panel = PackedPage.Read(html, "figures").GetProperty("figures").GetProperty("batch-size").GetProperty("panels")[2];
        string[] names =
            [.. panel.GetProperty("series").EnumerateArray().Select(series => series.GetProperty("name").GetString()!)];
        Assert.Contains(Hostile, names);
    }

    [Fact]
    public void WriteReport_ForbidsEveryConnection_AndLoadsNothing()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1));
        string html = Report(folder);

        Assert.Contains("content=\"default-src 'none'; script-src 'sha256-", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
        Assert.True(html.Length < 3_000_000, $"{html.Length} characters");
    }

    [Fact]
    public void WriteReport_SavesAgainstTheDefault_WhatTheTableSays()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("gpu-clock"));
        Report(folder);
        ResultTable grid = TableFile.Read(folder.PathOf("out", "artifacts", "gpu-clock.csv"));
        ResultTable answers = TableFile.Read(folder.PathOf("out", "answers.csv"));

        // One answer: clock and batch are both knobs of the operator.
        Assert.Single(answers.Rows);
        int[] rows = [.. Enumerable.Range(0, grid.Rows.Count).Where(point => grid.Number(point, "slo_feasible") == 1)];
        Assert.Equal(rows.Length, answers.Number(0, "feasible_settings"));
        double least = rows.Min(point => grid.Number(point, "joules_per_output_token")!.Value);
        int standard = Enumerable.Range(0, grid.Rows.Count)
            .Single(point => grid.Number(point, "gpu_clock_megahertz") == 1980 && grid.Number(point, "batch") == 64);
        Assert.Equal(least, answers.Number(0, "joules_per_output_token"));
        Assert.Equal(
            1 - (least / grid.Number(standard, "joules_per_output_token")!.Value), answers.Number(0, "saving")!.Value, tolerance: 1e-12);
        Assert.InRange(
            answers.Number(0, "saving")!.Value, answers.Number(0, "saving_low")!.Value, answers.Number(0, "saving_high")!.Value);
    }

    [Fact]
    public void WriteReport_CannotTell_WhenEachSettingRanOnce()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("gpu-clock", repetitions: 1));
        Report(folder);
        ResultTable answers = TableFile.Read(folder.PathOf("out", "answers.csv"));

        Assert.All(Enumerable.Range(0, answers.Rows.Count), row => Assert.Equal(
            (null, null), (answers.Number(row, "probability_least"), answers.Number(row, "saving_low"))));
    }

    [Fact]
    public void WriteReport_SaysThatThereIsNoAnswer_WhenNothingCompleted()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(
            folder.PathOf("records"), SyntheticGrids.Of("gpu-clock", repetitions: 1).Select(run => run with { Waves = 0 }));
        string html = Report(folder);
        ResultTable answers = TableFile.Read(folder.PathOf("out", "answers.csv"));

        Assert.All(Enumerable.Range(0, answers.Rows.Count), row => Assert.Equal(
            (0.0, null, null),
            (answers.Number(row, "feasible_settings"), answers.Text(row, "best_setting"), answers.Number(row, "saving"))));
        Assert.Contains("is an answer for synthetic", html, StringComparison.Ordinal);
        Assert.Contains(
            "nothing-completed: none of 0 requests was completed", PackedPage.Read(html, "tables").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\": \"batch-size\", \"tit", "an artifact caption")]
    [InlineData("null", "an artifact caption")]
    public void WriteReport_NamesTheFile_WhenACaptionIsBroken(string text, string wanted)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("out/artifacts/batch-size.json", text);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => AnalysisOutput.WriteReport(null, folder.PathOf("out")));

        Assert.Equal((path, wanted), (exception.Problems[0].File, exception.Problems[0].Allowed));
        Assert.False(File.Exists(folder.PathOf("out", "index.html")));
    }

    [Fact]
    public void WriteReport_Refuses_WhenACaptionNamesAFileElsewhere()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1));
        Report(folder);
        string path = folder.PathOf("out", "artifacts", "batch-size.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("batch-size.csv", "../../secret.csv", StringComparison.Ordinal));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => AnalysisOutput.WriteReport(null, folder.PathOf("out")));

        Assert.Equal("../../secret.csv", exception.Problems[0].Found);
    }

    [Fact]
    public void Replace_LeavesTheOldFile_WhenTheDiskIsFull()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("index.html", "old");

        UnavailableException exception = Assert.Throws<UnavailableException>(() => OutputFile.Replace(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device");
        }));

        Assert.Contains("No space left on device", exception.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void WriteReport_SaysNothingOfPapers_WithoutClaims()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("batch-size", repetitions: 1));

        string html = Report(folder, hasClaims: false);

        Assert.DoesNotContain("id=\"claims\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("arXiv", html, StringComparison.Ordinal);
        Assert.Contains("<h1>Batch size: llama-2-70b", html, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReport_BeginsWithTheNumbersOfARun_OutsideExperiments()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), [new SyntheticRun()]);

        string html = Report(folder, hasClaims: false);

        Assert.Contains("<article class=\"run valid\">", html, StringComparison.Ordinal);
        double joules = TableFile.Read(folder.PathOf("out", "artifacts", "runs.csv")).Number(0, "joules_per_output_token")!.Value;
        Assert.Contains($"<dt>Energy of an output token</dt><dd>{NumberText.Of(joules)} J", html, StringComparison.Ordinal);
        Assert.Contains("VALID", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<s>", html, StringComparison.Ordinal);
        Assert.Contains("<h1>Run ", html, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteReport_StrikesOutTheNumbersOfARun_ThatIsInvalid()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), [new SyntheticRun
        {
            Verdict = new RunVerdict([new VerdictReason(VerdictCode.Interrupted, $"stopped {Hostile}")]),
        }]);

        string html = Report(folder, hasClaims: false);

        Assert.Contains("<article class=\"run invalid\">", html, StringComparison.Ordinal);
        Assert.Contains("it is no result", html, StringComparison.Ordinal);
        Assert.Contains("stopped &lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<dd>[0-9]", html);
    }

    [Fact]
    public void WriteReport_FoldsEqualReasonsIntoOneRow_ForWhatIsNotMeasured()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records", "a"), SyntheticGrids.Of("batch-size", repetitions: 1).Select(Unlimited));
        ArtifactWriterTests.WriteRecords(folder.PathOf("records", "b"), SyntheticGrids.Of("gpu-clock", repetitions: 1).Select(Unlimited));

        string html = Report(folder, hasClaims: false);

        // Five batches, and five clocks by three batches.
        Match row = Regex.Match(html, "<tr><td class=\"wide\">the workload has no SLO</td>.*?</tr>");
        Assert.Contains("data-v=\"20\"", row.Value, StringComparison.Ordinal);
        Assert.Contains("batch-size, gpu-clock", row.Value, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(html, "the workload has no SLO"));

        static SyntheticRun Unlimited(SyntheticRun run) => run with { Slo = null };
    }

    [Fact]
    public void WriteReport_LinksTermsToTheirMeanings_OnThePageItself()
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("records"), SyntheticGrids.Of("gpu-clock", repetitions: 1));

        string html = Report(folder, hasClaims: false);

        string[] targets = [.. Regex.Matches(html, "href=\"#(?<id>term-[^\"]+)\"").Select(link => link.Groups["id"].Value).Distinct()];
        Assert.Contains("term-slo", targets);
        Assert.All(targets, target => Assert.Contains($"<dt id=\"{target}\">", html, StringComparison.Ordinal));
        Assert.Contains("Service-level objective", html, StringComparison.Ordinal);
    }

    private static string Report(TemporaryFolder folder, bool hasClaims = true)
    {
        AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out"));
        AnalysisOutput.WriteReport(hasClaims ? Repository.PathOf("paper-artifacts", "claims") : null, folder.PathOf("out"));
        return File.ReadAllText(folder.PathOf("out", "index.html"));
    }
}
