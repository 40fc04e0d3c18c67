using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class DerivedTableTests
{
    [Fact]
    public void SloTightness_PicksTheLeastEnergyFeasiblePoint_ForEachScale()
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

    [Fact]
    public void SloBestPoints_MarkTheLeastFeasibleEnergy_AndItsSaving()
    {
        object Point(string name, double gpus, double clock, double feasible, double joules) => new
        {
            evidence = "simulated",
            @class = name,
            load = "low",
            tensor_parallelism = gpus,
            gpu_clock_megahertz = clock,
            slo_feasible = feasible,
            joules_per_request = joules,
        };
        ResultTable points = SyntheticTable.Grid(
            "slo-heatmap",
            Point("SS", 2, 800, 0, 10),
            Point("SS", 2, 1980, 1, 30),
            Point("SS", 8, 1980, 1, 60),
            Point("LL", 8, 1980, 0, 90));

        ResultTable best = ArtifactCatalog.Find("slo-heatmap")!.Derive(points)[0];

        // 10 J breaks the SLO; 30 J is half of what eight GPUs at the highest clock use.
        Assert.Equal("slo-best-points", best.Name);
        Assert.Equal((2.0, 1980.0), (best.Number(0, "tensor_parallelism"), best.Number(0, "gpu_clock_megahertz")));
        Assert.Equal((30.0, 0.5), (best.Number(0, "joules_per_request"), best.Number(0, "saving_against_highest_setting")));
        Assert.Equal((0.0, null), (best.Number(1, "feasible_points"), best.Number(1, "joules_per_request")));
    }

    [Fact]
    public void EnergyRegression_RecoversTheCoefficients_WhenEnergyIsTheirSum()
    {
        IEnumerable<object> rows =
            from input in new[] { 32.0, 256, 2048 }
            from output in new[] { 16.0, 128, 512 }
            select new
            {
                evidence = "simulated",
                system = "8 x GPU",
                model = "model",
                input_tokens = input,
                output_tokens = output,
                joules_per_request = (0.2 * input) + (3 * output) + (0.001 * input * output),
            };
        ResultTable points = SyntheticTable.Grid("energy-regression", [.. rows]);

        ResultTable fit = ArtifactCatalog.Find("energy-regression")!.Derive(points)[0];

        Assert.Equal(0.2, fit.Number(0, "a_joules_per_token")!.Value, 1e-6);
        Assert.Equal(3, fit.Number(0, "b_joules_per_token")!.Value, 1e-6);
        Assert.Equal(0.001, fit.Number(0, "c_joules_per_token_squared")!.Value, 1e-9);
        Assert.Equal(1, fit.Number(0, "r_squared")!.Value, 1e-9);
        Assert.Equal(9, fit.Number(0, "points"));
    }
}
