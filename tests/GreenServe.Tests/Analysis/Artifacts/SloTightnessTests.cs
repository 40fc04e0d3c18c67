using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class SloTightnessTests
{
    [Fact]
    public void Derive_PicksTheFeasiblePointOfLeastEnergy_ForEachScale()
    {
        object Point(double gpus, double clock, double batch, double ratio, double joules) => new
        {
            evidence = "simulated",
            tensor_parallelism = gpus,
            gpu_clock_megahertz = clock,
            batch,
            slo_worst_ratio = ratio,
            joules_per_output_token = joules,
        };
        ResultTable points = SyntheticTable.Grid(
            "slo-tightness", Point(8, 1980, 1, 0.9, 10), Point(4, 1200, 8, 2.4, 4), Point(2, 800, 64, 7, 1));

        ResultTable best = ArtifactCatalog.Find("slo-tightness")!.Derive(points)[0];

        double?[] Chosen(string column) => [.. Enumerable.Range(0, best.Rows.Count).Select(row => best.Number(row, column))];
        Assert.Equal([1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10], Chosen("slo_scale"));
        Assert.Equal([8, 8, 8, 8, 4, 4, 4, 4, 4, 2, 2], Chosen("tensor_parallelism"));
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3], Chosen("feasible_points"));
    }
}
