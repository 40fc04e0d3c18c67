using System.Text.Json.Nodes;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison;

public sealed class RunComparisonTests
{
    [Fact]
    public void Of_IsSame_WhenTheRecordsAreTheSame()
    {
        ComparisonReport report = RepeatedRuns.Compare(RepeatedRuns.With(1), RepeatedRuns.With(1));

        Assert.False(report.IsWorse);
        Assert.All(report.Changes, change => Assert.Equal((ChangeVerdict.Same, true), (change.Verdict, change.IsPaired)));
        Assert.StartsWith("SAME: 0 worse, 0 better, ", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_IsWorse_WhenEveryRunNeedsFivePercentMoreEnergy()
    {
        ComparisonReport report = RepeatedRuns.Compare(RepeatedRuns.With(1), RepeatedRuns.With(1.05));

        MetricChange energy = Change(report, "joules_per_output_token");
        Assert.Equal(ChangeVerdict.Worse, energy.Verdict);
        Assert.Equal(0.05, energy.Effect!.Value, 1e-9);
        Assert.True(report.IsWorse);
        Assert.Equal(ChangeVerdict.Same, Change(report, "ttft_p50_seconds").Verdict);
    }

    [Fact]
    public void Of_IsBetter_WhenEnergyFalls() =>
        Assert.Equal(
            ChangeVerdict.Better,
            Change(RepeatedRuns.Compare(RepeatedRuns.With(1), RepeatedRuns.With(0.9)), "joules_per_request").Verdict);

    [Fact]
    public void Of_CannotTell_WhenThereIsOneRepetition()
    {
        ComparisonReport report = RepeatedRuns.Compare([new SyntheticRun()], [new SyntheticRun { DecodeWatts = 900 }]);

        Assert.All(report.Changes, change => Assert.Equal(ChangeVerdict.CannotTell, change.Verdict));
        Assert.Equal("one repetition has no spread; run at least two on each side", report.Changes[0].Reason);
        Assert.False(report.IsWorse);
    }

    [Fact]
    public void Of_NamesWhatDiffers_WhenAKnobWasTurned()
    {
        ComparisonReport report = RepeatedRuns.Compare(
            RepeatedRuns.With(1),
            [.. RepeatedRuns.With(1).Select(run => run with { Knobs = run.Knobs with { GpuClockMegahertz = 1410 } })]);

        Assert.Equal(["knobs.gpu_clock_megahertz: nothing -> 1410"], report.Differences);
    }

    [Fact]
    public void Of_NamesWhatDiffers_WhenAParameterOfThePolicyWasChanged()
    {
        ComparisonReport report = RepeatedRuns.Compare(
            [.. RepeatedRuns.With(1).Select(run => run with { Policy = Slow(1200, "a page") })],
            [.. RepeatedRuns.With(1).Select(run => run with { Policy = Slow(1400, "a better page") })]);

        Assert.Equal(["policy.gpu_clock_megahertz: 1200 -> 1400"], report.Differences);
    }

    [Fact]
    public void Of_NamesNoParameters_WhenAnEarlierRecordDoesNotStateThem()
    {
        ComparisonReport report = RepeatedRuns.Compare(
            [.. RepeatedRuns.With(1).Select(run => run with { Policy = new ControlPolicy { Name = "slow" } })],
            [.. RepeatedRuns.With(1).Select(run => run with { Policy = Slow(1400, "a page") })]);

        Assert.Empty(report.Differences);
    }

    [Fact]
    public void Of_Refuses_WhenRepetitionsDifferInAParameterOfThePolicy()
    {
        SyntheticRun[] mixed = [.. RepeatedRuns.With(1).Index().Select(item =>
            item.Item with { Policy = Slow(item.Index == 0 ? 1200 : 1400, "a page") })];

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => RepeatedRuns.Compare(mixed, mixed));

        Assert.All(exception.Problems, problem => Assert.Equal("$.policy.gpu_clock_megahertz", problem.Place));
    }

    private static ControlPolicy Slow(int megahertz, string source) => new()
    {
        Name = "slow",
        Definition = new JsonObject { ["name"] = "slow", ["source"] = source, ["gpu_clock_megahertz"] = megahertz },
    };

    [Fact]
    public void Of_RefusesWithThePath_WhenWorkloadsDiffer()
    {
        using TemporaryFolder folder = new();
        WriteWithWorkload(folder.PathOf("a"), requestsPerSecond: 2, seed: 1);
        WriteWithWorkload(folder.PathOf("b"), requestsPerSecond: 4, seed: 2);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => RunComparison.Of(ExperimentRun.ReadAll([folder.PathOf("a")]), ExperimentRun.ReadAll([folder.PathOf("b")])));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal(("$.workload.arrival.requests_per_second", "4"), (problem.Place, problem.Found));
        Assert.StartsWith("2 as in the baseline", problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Refuses_WhenOneSideIsMeasured()
    {
        SyntheticRun[] measured = [.. RepeatedRuns.With(1).Select(run => run with { Evidence = EvidenceKind.Measured })];

        Assert.Throws<InvalidInputException>(() => RepeatedRuns.Compare(RepeatedRuns.With(1), measured));
    }

    [Fact]
    public void Of_Refuses_WhenNoPointIsCommon()
    {
        SyntheticRun At(int batch) => new()
        {
            Artifact = "batch-size",
            Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = batch },
        };

        Assert.Throws<InvalidInputException>(() => RepeatedRuns.Compare([At(1)], [At(2)]));
    }

    [Fact]
    public void Of_IsWorse_WhenEveryRunOfTheCandidateIsInvalid()
    {
        RunVerdict saturated = new([new VerdictReason(VerdictCode.Saturated, "the queue grew")]);

        ComparisonReport report = RepeatedRuns.Compare(
            RepeatedRuns.With(1), [.. RepeatedRuns.With(1).Select(run => run with { Verdict = saturated })]);

        Assert.True(report.IsWorse);
        Assert.Equal([new LostResult("", "every run of the candidate is invalid")], report.Lost);
        Assert.False(report.PassesGate);
        Assert.Contains(report.Notes, note => note.Contains("the queue grew", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_IsWorse_WhenAPointOfTheBaselineHasVanished()
    {
        SyntheticRun[] At(int batch) => [.. RepeatedRuns.With(1).Select(run => run with
        {
            Artifact = "batch-size",
            Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = batch },
        })];

        ComparisonReport report = RepeatedRuns.Compare([.. At(1), .. At(2)], At(1));

        Assert.Equal([("batch-size: batch 2", "not in the candidate")], report.Lost.Select(lost => (lost.Name, lost.Reason)));
        Assert.StartsWith("WORSE: 1 lost, 0 worse", report.Summary, StringComparison.Ordinal);
        Assert.False(report.PassesGate);
        Assert.Contains("\"lost_points\": [\n    \"batch-size: batch 2\"", ComparisonFile.Json(report), StringComparison.Ordinal);
        Assert.Contains("failures=\"1\"", ComparisonFile.JUnit(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TellsNothing_WhenEachSideHasOneRun()
    {
        ComparisonReport report = RepeatedRuns.Compare(RepeatedRuns.With(1)[..1], RepeatedRuns.With(1)[..1]);

        Assert.StartsWith("CANNOT TELL: 0 worse", report.Summary, StringComparison.Ordinal);
        Assert.Equal((false, false), (report.IsWorse, report.PassesGate));
    }

    private static MetricChange Change(ComparisonReport report, string metric) =>
        report.Changes.Single(change => change.Metric.Metric.Name == metric);

    private static void WriteWithWorkload(string folder, int requestsPerSecond, int seed)
    {
        JsonObject workload = new()
        {
            ["arrival"] = new JsonObject { ["requests_per_second"] = requestsPerSecond },
            ["seed"] = seed,
        };
        using RunRecordWriter writer = RunRecordWriter.Create(folder, new SyntheticRun().Manifest with { Workload = workload });
        writer.Complete(manifest => manifest);
    }
}
