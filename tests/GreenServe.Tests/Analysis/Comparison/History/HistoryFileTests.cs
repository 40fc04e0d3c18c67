using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison.History;

public sealed class HistoryFileTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Append_AddsOneLineARun_AndKeepsWhatIsThere()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");

        HistoryFile.Append(file, Runs(folder, "a", 1, 2), "first", Start);
        string before = File.ReadAllText(file);
        HistoryFile.Append(file, Runs(folder, "b", 1), "second", Start.AddDays(1));

        Assert.StartsWith(before, File.ReadAllText(file), StringComparison.Ordinal);
        HistoryContent content = HistoryFile.Read(file);
        Assert.Equal(["first", "first", "second"], content.Entries.Select(entry => entry.Label));
        Assert.Empty(content.Skipped);

        // A wave is 0.5 s at 600 W and 1 s at 300 W; three waves without the first prefill, 33 - 1 tokens.
        Assert.Equal(1500 / 32.0, content.Entries[0].Metrics["joules_per_output_token"], 1e-6);
    }

    [Fact]
    public void Read_SkipsAndNamesBrokenLines()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");
        HistoryFile.Append(file, Runs(folder, "a", 1), "first", Start);
        File.AppendAllText(file, "<<<<<<< HEAD\n{\"schema_version\": 99}\n{\"schema_ver");
        HistoryFile.Append(file, Runs(folder, "b", 1), "second", Start.AddDays(1));

        HistoryContent content = HistoryFile.Read(file);

        Assert.Equal(["first", "second"], content.Entries.Select(entry => entry.Label));
        Assert.Equal([2, 3, 4], content.Skipped.Select(problem => problem.Line));
    }

    [Fact]
    public void Read_CountsALineOnce_WhenAMergeKeptItTwice()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");
        HistoryFile.Append(file, Runs(folder, "a", 1), "first", Start);
        File.AppendAllText(file, File.ReadAllText(file));

        Assert.Single(HistoryFile.Read(file).Entries);
    }

    [Fact]
    public void Read_Refuses_WhenTheFileIsMissing() => Assert.Throws<InvalidInputException>(() => HistoryFile.Read("/nowhere/at/all.jsonl"));

    [Fact]
    public void Write_DrawsTheTrend_AndMarksTheNewLevel()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");
        for (int version = 0; version < 12; version++)
        {
            double noise = 1 + (0.004 * ((version * 7 % 5) - 2));
            HistoryFile.Append(file, Runs(folder, $"v{version}", noise * (version < 6 ? 1 : 1.08)), $"v{version}", Start.AddDays(version));
        }

        string output = Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") ?? folder.PathOf("out");
        IReadOnlyList<HistoryTrend> trends = HistoryTrend.Of(HistoryFile.Read(file).Entries, HistoryReport.Metrics);
        HistoryReport.Write(trends, output);

        HistoryTrend energy = trends.Single(trend => trend.Metric.Name == "joules_per_output_token");
        Assert.Equal([6], energy.Changes);
        Assert.Equal(0.08, energy.SizeOf(0), 0.01);
        Assert.True(energy.IsWorse(0));
        Assert.Empty(trends.Single(trend => trend.Metric.Name == "ttft_p50_seconds").Changes);
        ResultTable table = TableFile.Read(Path.Combine(output, "history.csv"));
        Assert.Equal(trends.Sum(trend => trend.Means.Count), table.Rows.Count);
        Assert.True(File.Exists(Path.Combine(output, "history-1.svg")));
    }

    [Fact]
    public void Drift_IsTheSlopeOfTheLine_WhenTheSeriesIsOne()
    {
        // 100, 101, 102, 103: 1 a label at a mean of 101.5.
        HistoryTrend trend = Trend(100, 101, 102, 103);

        Assert.Equal(1 / 101.5, trend.Drift!.Value.PerLabel, 1e-12);
        Assert.Equal(0, trend.Drift!.Value.HalfWidth, 1e-9);
        Assert.Null(Trend(100, 101).Drift);
    }

    private static HistoryTrend Trend(params double[] means) => new(
        "series", MetricCatalog.Of("mean_watts"), [.. means.Select((_, index) => $"v{index}")], [.. means.Select(mean => new MeanInterval(1, mean, null, null))], []);

    private static IReadOnlyList<ExperimentRun> Runs(TemporaryFolder folder, string name, params double[] factors)
    {
        ArtifactWriterTests.WriteRecords(
            folder.PathOf(name), factors.Select((factor, index) => new SyntheticRun { PrefillWatts = 600 * factor, DecodeWatts = 300 * factor, Seed = (ulong)index + 1 }));
        return ExperimentRun.ReadAll([folder.PathOf(name)]);
    }
}
