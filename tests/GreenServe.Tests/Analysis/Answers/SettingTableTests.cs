using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class SettingTableTests
{
    [Fact]
    public void Of_HasARowForEachSetting_WithItsDefaultOfEqualSize()
    {
        ResultTable table = SettingTable.Of(new SyntheticQuestion(GridAxes.TensorParallelism, GridAxes.GpuClock)
            .With([2, 1200], joules: 2, half: 0.1, ("gpus_used", 2), ("slo_feasible", 0))
            .With([2, 1980], joules: 4, half: 0.1, ("gpus_used", 2), ("slo_feasible", 1))
            .With([8, 1980], joules: 8, half: 0.1, ("slo_feasible", 1), ("ttft_p99_seconds", 0.2))
            .Answers());

        Assert.Equal(["TP 2, 1200 MHz", "TP 2, 1980 MHz", "TP 8, 1980 MHz"], Cells("setting"));
        Assert.Equal(["TP 2, 1980 MHz", "TP 2, 1980 MHz", "TP 8, 1980 MHz"], Cells("default_setting"));
        Assert.Equal(["no", "no", "yes"], Cells("is_default"));
        Assert.Equal(["no", "yes", "yes"], Cells("keeps_slo"));
        Assert.Equal(["it breaks the SLO", null, null], Cells("why_no_candidate"));
        Assert.Equal(["test-grid-1", "test-grid-1", "test-grid-1"], Cells("question"));
        Assert.Equal([2, 4, 8], table.Numbers(AnswerSetting.Objective.Mean));
        Assert.Equal(1.9, table.Rows[0][AnswerSetting.Objective.Low]!.Value, tolerance: 1e-12);
        Assert.Equal([0.2], table.Numbers(MetricColumns.TtftP99.Mean));

        IEnumerable<string?> Cells(string column) => table.Rows.Select(row => row.Text(table.Find(column)!));
    }

    [Fact]
    public void Columns_AreNamedOnce() =>
        Assert.Equal(SettingTable.Columns.Count, SettingTable.Columns.Select(column => column.Name).Distinct().Count());
}
