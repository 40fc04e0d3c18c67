using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class BaselineFitTests
{
    private static readonly CalibrationRun Run = new(
        "run",
        new SimulatedSystem
        {
            Model = ModelCatalog.Find("llama-2-7b")!,
            Gpu = GpuCatalog.Find("H100-80GB-SXM"),
            GpuCount = 1,
            Engine = EngineCatalog.Find("greenserve"),
            Knobs = new Knobs(),
        },
        Steps: [],
        Energy: [],
        new FrontEndWaits([], []),
        Baselines: null);

    [Fact]
    public void Fit_TakesTheMeasuredBaselines_OnlyOfMeteredRuns()
    {
        Baselines measured = new(70, 120);
        CalibrationRun metered = Run with { Baselines = measured, Energy = [(0, 0), (1, 100)] };

        IReadOnlyList<FittedConstant> found = BaselineFit.Fit([metered, metered with { Baselines = new Baselines(74, 130) }]);

        // Means of 70 and 74 W, and of 50 and 56 W above them; the interval spans the runs.
        Assert.Equal([72.0, 53.0], found.Select(constant => constant.Value));
        Assert.Equal([(70.0, 74.0), (50.0, 56.0)], found.Select(constant => (constant.Low, constant.High)));
        Assert.Empty(BaselineFit.Fit([Run with { Baselines = measured }]));
        Assert.Empty(BaselineFit.Fit([metered with { Baselines = new Baselines(70, null) }]));
    }

    [Fact]
    public void Fit_TakesTheClockedWattsFromTheLoadedIdleBaseline_WhenNoRunWasIdle()
    {
        CalibrationRun metered = Run with { Energy = [(0, 0), (1, 100)], Baselines = new Baselines(null, 121) };

        FittedConstant found = Assert.Single(BaselineFit.Fit([metered]));

        // The catalog's H100 draws 75 W when idle, and 121 - 75 = 46.
        Assert.Equal((CalibrationConstant.ClockedWatts, 46.0), (found.Constant, found.Value));
    }
}
