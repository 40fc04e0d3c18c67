using GreenServe.Analysis.Artifacts;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class SloHeatMapTests
{
    [Fact]
    public void Derive_PicksTheFeasiblePointOfLeastEnergy_AndItsSaving()
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
    public void Derive_CannotTellTheProbability_WhenOnlyOneOfSeveralRunsHasAnEnergy()
    {
        ResultTable points = SyntheticTable.Grid("slo-heatmap", new
        {
            evidence = "simulated",
            @class = "SS",
            load = "low",
            slo_feasible = 1.0,
            joules_per_request = 30.0,
            repetitions = 2.0,
        });

        ResultTable best = ArtifactCatalog.Find("slo-heatmap")!.Derive(points)[0];

        Assert.Equal((30.0, null), (best.Number(0, "joules_per_request"), best.Number(0, "probability_of_least")));
    }
}
