using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis;

/// <summary>Records that are damaged, of another age, or without what a metric needs.</summary>
public sealed class BadRecordTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ReadAll_NamesEveryDamagedRecord_AtOnce()
    {
        Write("good");
        Edit("newer", RunFiles.Manifest, text => text.Replace("\"schema_version\": 1", "\"schema_version\": 99", StringComparison.Ordinal));
        Edit("none", RunFiles.Manifest, text => text.Replace("\"schema_version\": 1", "\"schema\": 1", StringComparison.Ordinal));
        Edit("truncated", RunFiles.Manifest, text => text[..(text.Length / 2)]);
        Edit("cut", RunFiles.Requests, text => text[..^20]);
        Edit("garbage", RunFiles.Requests, text => text.Replace(",completed,", ",\u0001\u0002,", StringComparison.Ordinal));
        Edit("column", RunFiles.Requests, text => text.Replace("issued_seconds", "issued", StringComparison.Ordinal));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ExperimentRun.ReadAll([folder.Root]));

        string[] files = [.. exception.Problems.Select(problem => Path.GetRelativePath(folder.Root, problem.File!))];
        Assert.Equal(
            ["column/requests.csv", "cut/requests.csv", "garbage/requests.csv", "newer/run.json", "none/run.json", "truncated/run.json"],
            files.Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(
            exception.Problems,
            problem => problem.Found?.ToString() == "99"
                && problem.Allowed.Contains("a newer record needs a newer greenserve", StringComparison.Ordinal));
        Assert.All(
            exception.Problems.Where(problem => problem.File!.EndsWith("csv", StringComparison.Ordinal)),
            problem => Assert.NotNull(problem.Line));
    }

    [Theory]
    [InlineData("gpu0,1,100,\ngpu0,2,100,5\n", "power.csv:3: watts, cumulative_joules: got both, want exactly one of the two")]
    [InlineData("gpu0,1,100,\ngpu0,2,,\n", "power.csv:3: watts, cumulative_joules: got neither, want exactly one of the two")]
    [InlineData("gpu0,1,100,\ngpu0,2,,7\n", "want readings of one kind for each meter")]
    [InlineData("gpu0,1,NaN,\n", "power.csv:2: watts: got NaN, want a finite number")]
    public void Read_NamesTheLine_WhenAMeterReadingIsNone(string rows, string expected)
    {
        string run = Write("run");
        File.WriteAllText(Path.Combine(run, RunFiles.Power), "meter,seconds,watts,cumulative_joules\n" + rows);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ExperimentRun.Read(run));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(RunFiles.Power, exception.Problems[0].File, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_SaysNotMeasured_WhenNoMeterWasRead()
    {
        string run = Write("run");
        EditedRecord.RemoveTable(run, RunFiles.Steps);

        ResultTable table = RunsTable.Of([ExperimentRun.Read(run)]);

        Assert.Null(table.Number(0, "joules_per_output_token"));
        Assert.Null(table.Number(0, "energy_cross_check_ratio"));
        Assert.Null(table.Number(0, "metering_cpu_cores"));
        Assert.Contains("joules_per_output_token", table.Text(0, "not_measured"), StringComparison.Ordinal);
        Assert.Contains(
            "no meter was read and the engine's steps carry no energy", table.Text(0, "not_measured"), StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_SaysWhichMetricsTheCandidateLost_WhenItsMeterIsGone()
    {
        ExperimentRun[] before = [.. Enumerable.Range(1, 3).Select(seed => ExperimentRun.Read(Write($"before{seed}", (ulong)seed)))];
        string[] folders = [.. Enumerable.Range(1, 3).Select(seed => Write($"after{seed}", (ulong)seed))];
        foreach (string run in folders)
        {
            EditedRecord.RemoveTable(run, RunFiles.Steps);
        }

        ComparisonReport report = RunComparison.Of(before, [.. folders.Select(path => ExperimentRun.Read(path))]);

        Assert.False(report.IsWorse);
        Assert.Contains(report.Notes, note => note.StartsWith(
            "energy per output token, energy per request, mean power: not measured in the candidate", StringComparison.Ordinal));
    }

    [Fact]
    public void Metrics_HaveReasons_WhenNothingWasCompleted()
    {
        using (RunRecordWriter writer = RunRecordWriter.Create(folder.PathOf("none"), new SyntheticRun().Manifest))
        {
            writer.Add(new RequestRecord(0, "SS", 1, 1.1, null, 9, 10, null, 10, null, RequestStatus.TimedOut));
            writer.Complete(manifest => manifest with { Verdict = RunVerdict.Valid });
        }

        RunMetrics metrics = ExperimentRun.Read(folder.PathOf("none")).Metrics;

        Assert.False(metrics.IsValid);
        Assert.Contains(metrics.Reasons, reason => reason.Code == "nothing-completed");
        Assert.All(MetricCatalog.All, metric => Assert.True(
            metric.Read(metrics) is { Value: null, NotMeasured.Length: > 0 } or { Value: not null, NotMeasured: null }));
        Assert.Null(metrics.JoulesPerRequest.Value);
    }

    [Fact]
    public void Metrics_AreInvalid_WhenTimesRunBackwards()
    {
        Edit("run", RunFiles.Requests, text => text.Replace("3,3,3.5,4.5", "3,3,3.5,3.4", StringComparison.Ordinal));

        Assert.Contains(ExperimentRun.Read(folder.PathOf("run")).Metrics.Reasons, reason => reason.Code == "times-run-backwards");
    }

    public void Dispose() => folder.Dispose();

    private string Write(string name, ulong seed = 1) => new SyntheticRun { Seed = seed }.Write(folder.PathOf(name));

    private void Edit(string name, string file, Func<string, string> edit)
    {
        string path = Path.Combine(Write(name), file);
        string text = File.ReadAllText(path);
        Assert.NotEqual(text, edit(text));
        File.WriteAllText(path, edit(text));
    }
}
