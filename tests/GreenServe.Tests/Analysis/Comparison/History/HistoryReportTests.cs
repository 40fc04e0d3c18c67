using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison.History;

public sealed class HistoryReportTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_DrawsTheTrendAndMarksTheNewLevel_WhenEnergyRoseOnce()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");
        for (int version = 0; version < 12; version++)
        {
            double noise = 1 + (0.004 * ((version * 7 % 5) - 2));
            double factor = noise * (version < 6 ? 1 : 1.08);
            HistoryFile.Append(file, HistoryRuns.Write(folder, $"v{version}", factor), $"v{version}", Start.AddDays(version));
        }

        string output = Environment.GetEnvironmentVariable("GREENSERVE_GALLERY") ?? folder.PathOf("out");
        IReadOnlyList<HistoryTrend> trends = HistoryTrend.Of(HistoryFile.Read(file).Entries, HistoryReport.Metrics);
        HistoryReport.Write(trends, output);

        HistoryTrend energy = trends.Single(trend => trend.Metric.Name == "joules_per_output_token");
        Assert.Equal([6], energy.Changes);
        Assert.Equal(0.08, energy.ChangeRatio(0), 0.01);
        Assert.True(energy.IsWorse(0));
        Assert.Empty(trends.Single(trend => trend.Metric.Name == "ttft_p50_seconds").Changes);
        ResultTable table = TableFile.Read(Path.Combine(output, "history.csv"));
        Assert.Equal(trends.Sum(trend => trend.Means.Count), table.Rows.Count);
        Assert.True(File.Exists(Path.Combine(output, "history-1.svg")));
    }
}
