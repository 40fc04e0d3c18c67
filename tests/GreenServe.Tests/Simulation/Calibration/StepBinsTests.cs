using GreenServe.Records.Systems;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class StepBinsTests
{
    private static readonly SimulatedSystem System = new()
    {
        Model = ModelCatalog.Find("llama-2-7b")!,
        Gpu = GpuCatalog.Find("H100-80GB-SXM"),
        GpuCount = 1,
        Engine = EngineCatalog.Find("greenserve"),
        Knobs = new Knobs(),
    };

    [Fact]
    public void Of_TakesTheMedianOfSimilarSteps_WhenTheHostSlowedSomeOfThem()
    {
        // Forty batches; in each, four of eleven steps of the same shape were slowed threefold by the host.
        MeasuredStep[] steps = [.. from batch in Enumerable.Range(0, 40)
                                   from number in Enumerable.Range(0, 11)
                                   select Step((int)Math.Round(Math.Exp(0.16 * batch)), number < 4 ? 0.03 : 0.01, (batch * 11) + number)];

        IReadOnlyList<(MeasuredStep Step, double Weight)> bins = StepBins.Of([Run(steps)]);

        Assert.InRange(bins.Count, 20, 40);
        Assert.All(bins, bin => Assert.Equal(0.01, bin.Step.Seconds));
    }

    [Fact]
    public void Of_WeighsEachRunTheSame_HoweverManyShapesItsStepsHave()
    {
        // 120 steps of 10 ms of one shape, and 40 shapes of three steps of 20 ms: shares of 1 in one bin and in forty, mean 2 / 41.
        MeasuredStep[] steady = [.. Enumerable.Range(0, 120).Select(number => Step(1, 0.01, number))];
        MeasuredStep[] mixed = [.. from shape in Enumerable.Range(1, 40)
                                   from number in Enumerable.Range(0, 3)
                                   let step = Step((int)Math.Round(Math.Exp(0.16 * shape)) + 1, 0.02, (shape * 3) + number)
                                   select step with { Run = 1 }];

        IReadOnlyList<(MeasuredStep Step, double Weight)> bins = StepBins.Of([Run(steady), Run(mixed)]);

        double first = bins.Where(bin => bin.Step.Run == 0).Sum(bin => bin.Weight);
        double second = bins.Where(bin => bin.Step.Run == 1).Sum(bin => bin.Weight);
        Assert.Single(bins, bin => bin.Step.Run == 0);
        Assert.Equal(first, second, 1e-9);
        Assert.Equal(1, bins.Average(bin => bin.Weight), 1e-9);
    }

    [Fact]
    public void Of_PutsStepsTogether_WhenOnlyTheLimitsOfTheirBatchesDiffer()
    {
        MeasuredStep[] steps = [.. Enumerable.Range(0, 30).Select(number => Step(1 << (number % 10), 0.01, number))];
        CalibrationRun wide = Run(steps);
        CalibrationRun narrow = Run([.. steps.Select(step => step with { Run = 1 })]) with
        {
            System = System with { Knobs = new Knobs { MaxBatch = 600, StepTokens = 1024 } },
        };

        Assert.Equal(StepBins.Of([wide]).Count, StepBins.Of([wide, narrow]).Count);
    }

    private static MeasuredStep Step(int sequences, double seconds, double start) => new(
        0, StepShape.Decode(sequences, 600L * sequences), seconds, start, null);

    private static CalibrationRun Run(IReadOnlyList<MeasuredStep> steps) => new("run", System, steps, [], new FrontEndWaits([], []), null);
}
