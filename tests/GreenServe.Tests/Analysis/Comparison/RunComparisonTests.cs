using System.Text.Json.Nodes;
using System.Xml.Linq;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison;

public sealed class RunComparisonTests
{
    [Fact]
    public void Of_IsSame_WhenTheRecordsAreTheSame()
    {
        ComparisonReport report = Compare(Repeated(1), Repeated(1));

        Assert.False(report.IsWorse);
        Assert.All(report.Changes, change => Assert.Equal((ChangeVerdict.Same, true), (change.Verdict, change.IsPaired)));
        Assert.StartsWith("SAME: 0 worse, 0 better, ", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_IsWorse_WhenEveryRunNeedsFivePercentMoreEnergy()
    {
        ComparisonReport report = Compare(Repeated(1), Repeated(1.05));

        MetricChange energy = report.Changes.Single(change => change.Metric.Metric.Name == "joules_per_output_token");
        Assert.Equal(ChangeVerdict.Worse, energy.Verdict);
        Assert.Equal(0.05, energy.Effect!.Value, 1e-9);
        Assert.True(report.IsWorse);
        Assert.Equal(ChangeVerdict.Same, report.Changes.Single(change => change.Metric.Metric.Name == "ttft_p50_seconds").Verdict);
    }

    [Fact]
    public void Of_IsBetter_WhenEnergyFalls() =>
        Assert.Equal(ChangeVerdict.Better, Compare(Repeated(1), Repeated(0.9)).Changes.Single(change => change.Metric.Metric.Name == "joules_per_request").Verdict);

    [Fact]
    public void Of_CannotTell_WhenThereIsOneRepetition()
    {
        ComparisonReport report = Compare([new SyntheticRun()], [new SyntheticRun { DecodeWatts = 900 }]);

        Assert.All(report.Changes, change => Assert.Equal(ChangeVerdict.CannotTell, change.Verdict));
        Assert.Equal("one repetition has no spread; run at least two on each side", report.Changes[0].Reason);
        Assert.False(report.IsWorse);
    }

    [Fact]
    public void Of_NamesWhatDiffers_WhenAKnobWasTurned()
    {
        ComparisonReport report = Compare(Repeated(1), [.. Repeated(1).Select(run => run with { Knobs = new Knobs { GpuClockMegahertz = 1410 } })]);

        Assert.Equal(["knobs.gpu_clock_megahertz: nothing -> 1410"], report.Differences);
    }

    [Fact]
    public void Of_RefusesWithThePath_WhenWorkloadsDiffer()
    {
        using TemporaryFolder folder = new();
        WriteWithWorkload(folder.PathOf("a"), new JsonObject { ["arrival"] = new JsonObject { ["requests_per_second"] = 2 }, ["seed"] = 1 });
        WriteWithWorkload(folder.PathOf("b"), new JsonObject { ["arrival"] = new JsonObject { ["requests_per_second"] = 4 }, ["seed"] = 2 });

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => RunComparison.Of(ExperimentRun.ReadAll([folder.PathOf("a")]), ExperimentRun.ReadAll([folder.PathOf("b")])));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal(("$.workload.arrival.requests_per_second", "4"), (problem.Place, problem.Found));
        Assert.StartsWith("2 as in the baseline", problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Refuses_WhenOneSideIsMeasured() => Assert.Throws<InvalidInputException>(
        () => Compare(Repeated(1), [.. Repeated(1).Select(run => run with { Evidence = EvidenceKind.Measured })]));

    [Fact]
    public void Of_Refuses_WhenNoPointIsCommon()
    {
        SyntheticRun At(int batch) => new() { Artifact = "batch-size", Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = batch } };

        Assert.Throws<InvalidInputException>(() => Compare([At(1)], [At(2)]));
    }

    [Fact]
    public void Of_IsWorse_WhenEveryRunOfTheCandidateIsInvalid()
    {
        RunVerdict saturated = new([new VerdictReason(VerdictCode.Saturated, "the queue grew")]);

        ComparisonReport report = Compare(Repeated(1), [.. Repeated(1).Select(run => run with { Verdict = saturated })]);

        Assert.True(report.IsWorse);
        Assert.Equal(["the candidate"], report.LostPoints);
        Assert.Contains(report.Notes, note => note.Contains("the queue grew", StringComparison.Ordinal));
    }

    [Fact]
    public void JUnitAndJson_SayTheSame_AsTheReport()
    {
        ComparisonReport report = Compare(Repeated(1), Repeated(1.05));

        XElement suite = XDocument.Parse(ComparisonFile.JUnit(report)).Root!.Element("testsuite")!;
        JsonNode json = JsonNode.Parse(ComparisonFile.Json(report))!;

        Assert.Equal($"{report.Count(ChangeVerdict.Worse)}", suite.Attribute("failures")!.Value);
        Assert.Equal(report.Count(ChangeVerdict.Worse), suite.Elements("testcase").Count(element => element.Element("failure") is not null));
        Assert.True(json["is_worse"]!.GetValue<bool>());
        Assert.Equal(report.Changes.Count, json["changes"]!.AsArray().Count);
    }

    [Fact]
    public void Markdown_EscapesForeignText()
    {
        ComparisonReport report = Compare(Repeated(1), [.. Repeated(1).Select(run => run with { Model = "<script>|" })]);

        string text = ComparisonText.Markdown(report);

        Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
        Assert.Contains("model: \"llama-2-70b\" -&gt; \"&lt;script&gt;\\|\"", text, StringComparison.Ordinal);
    }

    /// <summary>Five repetitions with their own seed and a spread of a percent between them.</summary>
    private static SyntheticRun[] Repeated(double energyFactor) => [.. new[] { 1.00, 1.01, 0.99, 1.005, 0.995 }.Select((spread, index) => new SyntheticRun
    {
        Batch = 2,
        Seed = (ulong)index + 1,
        Repetition = index,
        PrefillWatts = 600 * spread * energyFactor,
        DecodeWatts = 300 * spread * energyFactor,
    })];

    private static ComparisonReport Compare(SyntheticRun[] baseline, SyntheticRun[] candidate)
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("a"), baseline);
        ArtifactWriterTests.WriteRecords(folder.PathOf("b"), candidate);
        return RunComparison.Of(ExperimentRun.ReadAll([folder.PathOf("a")]), ExperimentRun.ReadAll([folder.PathOf("b")]));
    }

    private static void WriteWithWorkload(string folder, JsonObject workload)
    {
        using RunRecordWriter writer = RunRecordWriter.Create(folder, new SyntheticRun().Manifest with { Workload = workload });
        writer.Complete(manifest => manifest);
    }
}
