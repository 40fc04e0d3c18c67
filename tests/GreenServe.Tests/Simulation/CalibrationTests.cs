using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation;

public sealed class CalibrationTests
{
    [Fact]
    public void Fit_FindsTheConstantsOfTheMachine_FromItsStepsAndMeters()
    {
        // A machine unlike the catalogue's: slower memory, a slower host, hungrier; everything else as in the catalogue.
        SimulatedSystem catalogue = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-2026-fp8") with { GpuCount = 1 };
        SimulatedSystem machine = catalogue with
        {
            Gpu = catalogue.Gpu with
            {
                Bf16 = catalogue.Gpu.Bf16 with { MemoryEfficiency = 0.7, ComputeEfficiency = 0.6 },
                DecodeAttentionEfficiency = 0.5,
                Power = catalogue.Gpu.Power with { ClockedWatts = 80, MemoryWatts = 350, ComputeWatts = 700 },
            },
            Engine = catalogue.Engine with { Costs = catalogue.Engine.Costs with { StepSeconds = 4e-3, SequenceSeconds = 100e-6 } },
        };
        using TemporaryFolder folder = new();

        // Two tensor parallelisms: on one alone, reading the weights and the host's fixed work are both a constant of every step.
        SimulatedSystem two = machine with { Knobs = machine.Knobs with { TensorParallelism = 2 }, GpuCount = 2 };
        RunRecord[] records =
        [
            SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("light"), machine, 60, gapSeconds: 1)),
            SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("heavy"), machine, 300, promptTokens: 2000, gapSeconds: 0.25)),
            SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("two"), two, 300, promptTokens: 1000, gapSeconds: 0.1)),
        ];

        CalibrationResult result = SimulatorCalibration.Fit(records);

        Assert.Equal(0.7, Value(result, CalibrationConstant.MemoryEfficiency), 0.005);
        Assert.Equal(0.6, Value(result, CalibrationConstant.ComputeEfficiency), 0.005);
        Assert.Equal(0.5, Value(result, CalibrationConstant.DecodeAttentionEfficiency), 0.005);
        Assert.Equal(4e-3, Value(result, CalibrationConstant.StepSeconds), 0.05e-3);
        Assert.Equal(100e-6, Value(result, CalibrationConstant.SequenceSeconds), 1e-6);
        Assert.Equal(80, Value(result, CalibrationConstant.ClockedWatts), 1.0);
        Assert.Equal(350, Value(result, CalibrationConstant.MemoryWatts), 5.0);
        Assert.Equal(700, Value(result, CalibrationConstant.ComputeWatts), 10.0);
        Assert.True(CalibrationResult.MeanErrors(result.StepResiduals)!.Value.After < 0.02);
        Assert.True(CalibrationResult.MeanErrors(result.StepResiduals)!.Value.Before > 0.2);
        Assert.True(CalibrationResult.MeanErrors(result.PowerResiduals)!.Value.After < 0.03);
    }

    [Fact]
    public void Fit_SaysWhatTheRunsDoNotTell()
    {
        // One short prompt: nothing about large products or attention over long prompts.
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };
        using TemporaryFolder folder = new();
        RunRecord record = SimulatedRecords.Write(folder.PathOf("run"), machine, 1, promptTokens: 16);

        CalibrationResult result = SimulatorCalibration.Fit([record]);

        Assert.False(result.Constants.Single(constant => constant.Constant == CalibrationConstant.PrefillAttentionEfficiency).IsTold);
        Assert.Equal(machine.Gpu.PrefillAttentionEfficiency, result.Gpu.PrefillAttentionEfficiency);
        Assert.Empty(result.PowerResiduals);
    }

    [Fact]
    public void Write_LeavesFilesThatARunTakes()
    {
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };
        using TemporaryFolder folder = new();
        RunRecord record = SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("run"), machine, 30));
        string path = folder.PathOf("mine.yaml");
        CalibrationResult result = SimulatorCalibration.Fit([record]);

        CalibrationFiles.Write(result, path);

        Assert.All(CalibrationFiles.PathsFor(path), file => Assert.True(File.Exists(file), file));
        EngineProfile engine = EngineCatalogue.Find(path);
        GpuDefinition gpu = GpuCatalogue.Find(folder.PathOf("mine.gpu.yaml"));
        Assert.Equal(("mine", "H100-80GB-SXM-mine"), (engine.Name, gpu.Name));
        Assert.Equal(result.Gpu.Bf16, gpu.Bf16);
        Assert.Equal(result.Gpu.Power, gpu.Power);
        Assert.Equal(result.Engine.Costs, engine.Costs);
        Assert.Contains("# memory_efficiency: ", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_RefusesRunsThatDoNotBelongTogether_AndThoseWithoutSteps()
    {
        SimulatedSystem one = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };
        SimulatedSystem other = one with { Gpu = GpuCatalogue.Find("H200"), Engine = EngineCatalogue.Find("vllm-2026-fp8") };
        using TemporaryFolder folder = new();
        RunRecord first = SimulatedRecords.Write(folder.PathOf("first"), one, 3);
        RunRecord second = SimulatedRecords.Write(folder.PathOf("second"), other, 3);
        File.Delete(folder.PathOf("second", RunFiles.Steps));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SimulatorCalibration.Fit([first, RunRecord.Read(second.Folder)]));

        Assert.Equal([RunFiles.Steps, "$.system.gpu", "$.system.engine"], exception.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void Fit_OfLeastSquares_FindsAnExponential()
    {
        double[] xs = [.. Enumerable.Range(0, 20).Select(index => index / 10.0)];
        double[] ys = [.. xs.Select(x => 3 * Math.Exp(-1.5 * x))];

        (double[] parameters, _, _) = LeastSquares.Fit(p => [.. xs.Zip(ys, (x, y) => (p[0] * Math.Exp(p[1] * x)) - y)], [1, 0]);

        Assert.Equal(3, parameters[0], 1e-6);
        Assert.Equal(-1.5, parameters[1], 1e-6);
    }

    private static double Value(CalibrationResult result, CalibrationConstant constant) =>
        result.Constants.Single(fitted => fitted.Constant == constant).Value;
}
