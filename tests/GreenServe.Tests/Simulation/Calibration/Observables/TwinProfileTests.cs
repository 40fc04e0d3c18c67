using GreenServe.Records.Systems;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Calibration.Observables;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Calibration.Observables;

public sealed class TwinProfileTests
{
    private static readonly SimulatedSystem Machine = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11");

    [Fact]
    public void Of_TakesTheLimitsOfTheServer_WhenAllRunsStateThem()
    {
        CalibrationResult result = Of(new Knobs { MaxBatch = 64, StepTokens = 512 }, new Knobs { MaxBatch = 64, StepTokens = 512 });

        Assert.Equal((64, 512), (result.Engine.MaxSequences, result.Engine.StepTokens));
        Assert.DoesNotContain(result.Notes, note => note.Contains("max_batch", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_RaisesTheStepTokens_WhenTheServerRunsMoreSequences()
    {
        int most = Machine.Engine.StepTokens + 1;

        CalibrationResult result = Of(new Knobs { MaxBatch = most });

        // Every running sequence needs its token in a step.
        Assert.Equal((most, most), (result.Engine.MaxSequences, result.Engine.StepTokens));
        Assert.Empty(result.Engine.Check());
    }

    [Fact]
    public void Of_KeepsTheLimits_AndSaysSo_WhenRunsDoNotAgree()
    {
        CalibrationResult different = Of(new Knobs { MaxBatch = 64 }, new Knobs { MaxBatch = 128 });
        CalibrationResult silent = Of(new Knobs());

        int before = Machine.Engine.MaxSequences;
        Assert.Equal((before, before), (different.Engine.MaxSequences, silent.Engine.MaxSequences));
        Assert.Contains(
            $"the runs state different max_batch (64 and 128): the profile keeps max_sequences {before} of vllm-0.11", different.Notes);
        Assert.Contains(
            $"no run states max_batch: the profile keeps max_sequences {before} of vllm-0.11 (--set max_batch=VALUE states the server's)",
            silent.Notes);
    }

    [Fact]
    public void Of_SaysWhyThereAreNoErrorBands_WhenTooFewPointsWereHeldOut()
    {
        CalibrationResult two = Of(Result("a", "b"), new Knobs());
        CalibrationResult three = Of(Result("a", "b", "c"), new Knobs());

        Assert.Contains("no error bands: 2 operating points held out or predicted from the others, 3 are needed", two.Notes);
        Assert.DoesNotContain(three.Notes, note => note.StartsWith("no error bands", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_StoresWhatTheRunsCover()
    {
        CalibrationResult result = TwinProfile.Of(Result(), [Load(new Knobs(), users: 1), Load(new Knobs(), users: 32)], []);

        Assert.Equal((1, 32), (result.Compared!.FewestRequests, result.Compared.MostRequests));
        Assert.Equal([1], result.Compared.TensorParallelism);
    }

    private static CalibrationResult Of(params Knobs[] knobs) => Of(Result(), knobs);

    private static CalibrationResult Of(CalibrationResult result, params Knobs[] knobs) =>
        TwinProfile.Of(result, [.. knobs.Select(knob => Load(knob, users: 1))], []);

    private static CalibrationResult Result(params string[] heldOut) => new()
    {
        Constants = [],
        Gpu = Machine.Gpu,
        Engine = Machine.Engine,
        StepResiduals = [],
        PowerResiduals = [],
        ObservedResiduals =
        [
            .. heldOut.Select(run => new ObservedResidual(run, PointMetric.Tbt, CalibrationPart.HeldOut, 0.011, 0.02, 0.01)),
        ],
    };

    private static ObservedLoad Load(Knobs knobs, int users) => new()
    {
        Name = "a",
        OperatingPoint = "a",
        Path = "a",
        Measured = Points.Point("a"),
        System = Machine with { Knobs = knobs },
        Simulate = _ => new Prediction(0.1, 0.01, 1, 1, 1, 0),
        InputTokens = 100,
        OutputTokens = 100,
        Users = users,
        Likeness = "a",
    };
}
