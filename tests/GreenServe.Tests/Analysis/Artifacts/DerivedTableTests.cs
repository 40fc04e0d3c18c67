using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class DerivedTableTests
{
    [Fact]
    public void SloTightness_PicksTheLeastEnergyFeasiblePoint_ForEachScale()
    {
        ResultTable points = new(
            "slo-tightness",
            [new("evidence", true), .. Numbers("tensor_parallelism", "gpu_clock_megahertz", "batch", "slo_worst_ratio", "joules_per_output_token")],
            [["simulated", 8.0, 1980.0, 1.0, 0.9, 10.0], ["simulated", 4.0, 1200.0, 8.0, 2.4, 4.0], ["simulated", 2.0, 800.0, 64.0, 7.0, 1.0]]);

        ResultTable best = ArtifactCatalog.Find("slo-tightness")!.Derive(points)[0];

        double?[] Chosen(string column) => [.. Enumerable.Range(0, best.Rows.Count).Select(row => best.Number(row, column))];
        Assert.Equal([1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10], Chosen("slo_scale"));
        Assert.Equal([8, 8, 8, 8, 4, 4, 4, 4, 4, 2, 2], Chosen("tensor_parallelism"));
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3], Chosen("feasible_points"));
    }

    [Fact]
    public void SloBestPoints_MarkTheLeastFeasibleEnergy_AndItsSaving()
    {
        ResultTable points = new(
            "slo-heatmap",
            [new("evidence", true), new("class", true), new("load", true), .. Numbers("tensor_parallelism", "gpu_clock_megahertz", "slo_feasible", "joules_per_request")],
            [
                ["simulated", "SS", "low", 2.0, 800.0, 0.0, 10.0], ["simulated", "SS", "low", 2.0, 1980.0, 1.0, 30.0],
                ["simulated", "SS", "low", 8.0, 1980.0, 1.0, 60.0], ["simulated", "LL", "low", 8.0, 1980.0, 0.0, 90.0],
            ]);

        ResultTable best = ArtifactCatalog.Find("slo-heatmap")!.Derive(points)[0];

        // 10 J breaks the SLO; 30 J is half of what eight GPUs at the highest clock use.
        Assert.Equal("slo-best-points", best.Name);
        Assert.Equal((2.0, 1980.0, 30.0, 0.5), (best.Number(0, "tensor_parallelism"), best.Number(0, "gpu_clock_megahertz"), best.Number(0, "joules_per_request"), best.Number(0, "saving_against_highest_setting")));
        Assert.Equal((0.0, null), (best.Number(1, "feasible_points"), best.Number(1, "joules_per_request")));
    }

    [Fact]
    public void EnergyRegression_RecoversTheCoefficients_WhenEnergyIsTheirSum()
    {
        List<object?[]> rows = [];
        foreach (double input in new[] { 32.0, 256, 2048 })
        {
            foreach (double output in new[] { 16.0, 128, 512 })
            {
                rows.Add(["simulated", "8 x GPU", "model", input, output, (0.2 * input) + (3 * output) + (0.001 * input * output)]);
            }
        }

        ResultTable points = new(
            "energy-regression",
            [new("evidence", true), new("system", true), new("model", true), .. Numbers("input_tokens", "output_tokens", "joules_per_request")],
            rows);
        ResultTable fit = ArtifactCatalog.Find("energy-regression")!.Derive(points)[0];

        Assert.Equal(0.2, fit.Number(0, "a_joules_per_token")!.Value, 1e-6);
        Assert.Equal(3, fit.Number(0, "b_joules_per_token")!.Value, 1e-6);
        Assert.Equal(0.001, fit.Number(0, "c_joules_per_token_squared")!.Value, 1e-9);
        Assert.Equal(1, fit.Number(0, "r_squared")!.Value, 1e-9);
        Assert.Equal(9, fit.Number(0, "points"));
    }

    private static IEnumerable<ResultColumn> Numbers(params string[] names) => names.Select(name => new ResultColumn(name, false));
}
