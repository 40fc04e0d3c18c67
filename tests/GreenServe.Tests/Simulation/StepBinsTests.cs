using GreenServe.Records.Runs;
using GreenServe.Simulation;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation;

public sealed class StepBinsTests
{
    private static readonly SimulatedSystem System = new()
    {
        Model = ModelCatalog.Find("llama-2-7b")!,
        Gpu = GpuCatalogue.Find("H100-80GB-SXM"),
        GpuCount = 1,
        Engine = EngineCatalogue.Find("greenserve"),
        Knobs = new Knobs(),
    };

    [Fact]
    public void Of_TakesTheMedianOfLikeSteps_SoThatASlowSpellDoesNotPull()
    {
        // Forty batches; in each, four of eleven steps of the same shape were slowed threefold by the host.
        MeasuredStep[] steps = [.. from batch in Enumerable.Range(0, 40)
                                   from number in Enumerable.Range(0, 11)
                                   select Step((int)Math.Round(Math.Exp(0.16 * batch)), number < 4 ? 0.03 : 0.01, (batch * 11) + number)];

        IReadOnlyList<(MeasuredStep Step, double Weight)> bins = StepBins.Of([Run(steps)]);

        Assert.InRange(bins.Count, 20, 40);
        Assert.All(bins, bin => Assert.Equal(0.01, bin.Step.Seconds));
        Assert.All(bins, bin => Assert.Equal(1, bin.Weight));
    }

    [Fact]
    public void BaselineFit_TakesWhatTheRunsMeasured_AndNothingWithoutAMeter()
    {
        Baselines measured = new(70, 120);
        CalibrationRun metered = Run([]) with { Baselines = measured, Energy = [(0, 0), (1, 100)] };

        IReadOnlyList<FittedConstant> found = BaselineFit.Fit([metered, metered with { Baselines = new Baselines(74, 130) }]);

        // Means of 70 and 74 W, and of 50 and 56 W above them; the interval spans the runs.
        Assert.Equal([72.0, 53.0], found.Select(constant => constant.Value));
        Assert.Equal([(70.0, 74.0), (50.0, 56.0)], found.Select(constant => (constant.Low, constant.High)));
        Assert.Empty(BaselineFit.Fit([Run([]) with { Baselines = measured }]));
        Assert.Empty(BaselineFit.Fit([metered with { Baselines = new Baselines(null, 120) }]));
    }

    private static MeasuredStep Step(int sequences, double seconds, double start) => new(
        0, StepShape.Decode(sequences, 600L * sequences), seconds, start, null);

    private static CalibrationRun Run(IReadOnlyList<MeasuredStep> steps) => new("run", System, steps, [], new FrontEndWaits([], []), null);
}
