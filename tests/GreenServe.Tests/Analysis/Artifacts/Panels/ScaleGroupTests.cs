using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Artifacts.Panels;

public sealed class ScaleGroupTests
{
    [Fact]
    public void Of_SetsSystemsOfAnotherSizeApart_AndKeepsTheTwinBesideTheMeasurement()
    {
        IReadOnlyList<ScaleGroup> groups = GroupsOf(
            Row("simulated", "8 x H100", "llama-2-70b", gpus: 8, joules: 1),
            Row("simulated", "1 x H200-twin", "llama-2-7b", gpus: 1, joules: 0.5),
            Row("measured", "1 x H200", "llama-2-7b", gpus: 1, joules: 0.6));

        Assert.Equal(["1 GPU", "8 GPUs"], groups.Select(group => group.Name));
        Assert.Equal([2, 1], groups.Select(group => group.Keys.Count));
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(10.5, 2)]
    public void Of_SetsModelsApart_WhoseEnergiesDifferMoreThanTenTimes(double joules, int expected) => Assert.Equal(
        expected,
        GroupsOf(
            Row("simulated", "8 x H100", "llama-2-7b", gpus: 8, joules: 1),
            Row("simulated", "8 x H100", "llama-2-70b", gpus: 8, joules)).Count);

    [Fact]
    public void Of_ReadsTheSizeFromTheSystem_WhereNoRowSaysHowManyGpusServed() => Assert.Equal(
        ["1 GPU", "4 GPUs"],
        GroupsOf(
            Row("measured", "4 x A100", "one", gpus: null, joules: 1), Row("measured", "1 x A100", "two", gpus: null, joules: 1))
            .Select(group => group.Name));

    private static object Row(string evidence, string system, string model, double? gpus, double joules) =>
        new { evidence, system, model, gpus_used = gpus, joules_per_output_token = joules };

    private static IReadOnlyList<ScaleGroup> GroupsOf(params object[] rows)
    {
        ResultTable table = SyntheticTable.Grid("batch-size", rows);
        return ScaleGroup.Of(table, SeriesKey.All(table, [StandardColumns.Evidence, StandardColumns.Model, StandardColumns.System]));
    }
}
