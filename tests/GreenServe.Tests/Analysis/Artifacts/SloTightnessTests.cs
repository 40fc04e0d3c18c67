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

    [Fact]
    public void Derive_SaysHowSureEachChoiceIs_WhenSettingsAreRepeated()
    {
        object Point(double gpus, double ratio, string ratios, double joules, string each) => new
        {
            evidence = "simulated",
            tensor_parallelism = gpus,
            gpu_clock_megahertz = 1980.0,
            batch = 64.0,
            repetitions = 3.0,
            slo_worst_ratio = ratio,
            slo_worst_ratio_by_seed = ratios,
            joules_per_output_token = joules,
            joules_per_output_token_by_seed = each,
        };
        ResultTable points = SyntheticTable.Grid(
            "slo-tightness",
            Point(8, 0.9, "1:0.9 2:0.9 3:0.9", 10, "1:9 2:10 3:11"),
            Point(4, 1.9, "1:1.7 2:1.8 3:2.2", 5, "1:4.5 2:5 3:5.5"),
            Point(2, 2.9, "1:2.9 2:2.9 3:2.9", 4.99, "1:4.6 2:4.87 3:5.5"));

        ResultTable best = ArtifactCatalog.Find("slo-tightness")!.Derive(points)[0];

        double? At(double scale, string column) => best.Rows
            .First(row => row.Number(best.Find("slo_scale")!) == scale).Number(best.Find(column)!);

        // Each run of the second setting takes half of its partner: the saving is certain, whatever the seeds do.
        Assert.Equal((0.5, 0.5), (At(2, "saving_against_tightest")!.Value, At(2, "saving_against_tightest_high")!.Value));
        Assert.InRange(At(2, "probability_of_least")!.Value, 0.99, 1);
        Assert.Equal(0, At(2, "tied"));

        // Two of three runs are within twice the limits. The mean is, so that the setting is chosen, and it is said.
        Assert.Equal((2.0, 1.0), (At(2, "repetitions_within_slo"), At(2, "disputed_points")));

        // The third setting takes 0.2 % less than the second: they cannot be told apart.
        Assert.Equal((2.0, 1.0), (At(3, "tensor_parallelism"), At(3, "tied")));
        Assert.Contains("TP 4, 1980 MHz, batch 64", best.Distinct("tied_settings"));
        Assert.Equal(0, At(1, "saving_against_tightest"));
    }

    [Theory]
    [InlineData("1:9 2:11", 0, 0)]
    [InlineData("1:9", 1, 0)]
    [InlineData("1:9", 0, 1)]
    public void Derive_ChoosesNoSetting_OfWhichARunHasNoRatioOrWasNotCarried(string joules, double overloaded, double feasible)
    {
        // Too many requests of the second run failed for any SLO: its energy is known and its ratio is not.
        ResultTable points = SyntheticTable.Grid("slo-tightness", new
        {
            evidence = "simulated",
            overloaded_repetitions = overloaded,
            slo_worst_ratio = 0.9,
            slo_worst_ratio_by_seed = "1:0.9",
            joules_per_output_token = 10.0,
            joules_per_output_token_by_seed = joules,
        });

        ResultTable best = ArtifactCatalog.Find("slo-tightness")!.Derive(points)[0];

        Assert.All(Enumerable.Range(0, best.Rows.Count), row => Assert.Equal(feasible, best.Number(row, "feasible_points")));
    }
}
