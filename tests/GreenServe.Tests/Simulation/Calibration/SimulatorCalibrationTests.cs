using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Simulation;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class SimulatorCalibrationTests
{
    private static readonly string[] Models = ["llama-3.2-1b", "llama-2-7b", "llama-2-13b", "codellama-34b"];

    [Fact]
    public void Fit_FindsTheConstantsOfTheMachine_FromItsStepsAndMeters()
    {
        // A machine unlike the one that the fit starts from: slower memory, a slower host and more power; everything else is the same.
        using TemporaryFolder folder = new();
        string engine = folder.Write("start.yaml", """
            name: start
            source: test
            costs: { layer_seconds: 10e-6, step_seconds: 1.25e-3, sequence_seconds: 36e-6 }
            front_end_seconds: 0.029
            max_sequences: 1024
            step_tokens: 8192
            """);
        SimulatedSystem catalog = TestSystems.H100(TestSystems.Llama31For8B, 1, engine) with { GpuCount = 1 };
        SimulatedSystem machine = catalog with
        {
            Gpu = catalog.Gpu with
            {
                Bf16 = catalog.Gpu.Bf16 with { MemoryEfficiency = 0.7, ComputeEfficiency = 0.6 },
                DecodeAttentionEfficiency = 0.5,
                Power = catalog.Gpu.Power with { ClockedWatts = 80, MemoryWatts = 350, ComputeWatts = 700 },
            },
            Engine = catalog.Engine with { Costs = catalog.Engine.Costs with { StepSeconds = 4e-3, SequenceSeconds = 100e-6 } },
        };

        // With one tensor parallelism alone, reading the weights and the fixed work of the host would both be constants of every step.
        SimulatedSystem two = machine with { Knobs = machine.Knobs with { TensorParallelism = 2 }, GpuCount = 2 };
        RunRecord[] records =
        [
            SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("light"), machine, 60, gapSeconds: 1)),
            SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("heavy"), machine, 300, promptTokens: 2000, gapSeconds: 0.25)),
            SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("two"), two, 300, promptTokens: 1000, gapSeconds: 0.1)),
        ];

        CalibrationResult result = SimulatorCalibration.Fit(records, new StatedSystem { Engine = engine });

        // Only the tensor parallelism separates reading the weights from fixed work, so that the values before the fit still pull a little.
        Assert.Equal(0.7, Value(result, CalibrationConstant.MemoryEfficiency), 0.025);
        Assert.Equal(0.6, Value(result, CalibrationConstant.ComputeEfficiency), 0.01);

        // Steps of similar shape stand for each other, and contexts within a bin differ by up to 42 %.
        Assert.Equal(0.5, Value(result, CalibrationConstant.DecodeAttentionEfficiency), 0.025);

        // All runs have 32 layers, so that only the sum of the times of layers and of the step can be fitted.
        double perStep = Value(result, CalibrationConstant.StepSeconds) + (32 * Value(result, CalibrationConstant.LayerSeconds));
        Assert.Equal(4e-3 + (32 * machine.Engine.Costs.LayerSeconds), perStep, 0.25e-3);

        // Steady runs have their weight in few bins, so that the value before the fit pulls here too.
        Assert.Equal(100e-6, Value(result, CalibrationConstant.SequenceSeconds), 10e-6);
        Assert.Equal(80, Value(result, CalibrationConstant.ClockedWatts), 1.0);
        Assert.Equal(350, Value(result, CalibrationConstant.MemoryWatts), 5.0);
        Assert.Equal(700, Value(result, CalibrationConstant.ComputeWatts), 10.0);
        Assert.True(CalibrationResult.MeanErrors(result.StepResiduals)!.Value.After < 0.02);
        Assert.True(CalibrationResult.MeanErrors(result.StepResiduals)!.Value.Before > 0.2);
        Assert.True(CalibrationResult.MeanErrors(result.PowerResiduals)!.Value.After < 0.03);
    }

    [Fact]
    public void Fit_RecoversTheConstantsWithinTheirIntervals_FromRecordsOfTheReferenceEngine()
    {
        // Records of four models on one accelerator as steps.csv and NVML show them; the true constants are unlike the catalog's.
        using TemporaryFolder folder = new();
        RunRecord[] records = [.. Models.Index().SelectMany(item => new[]
        {
            EngineLikeRecords.Write(folder.PathOf($"{item.Item}-light"), Machine(item.Item), 10 + (ulong)item.Index, 40, 300, 0.35),
            EngineLikeRecords.Write(folder.PathOf($"{item.Item}-heavy"), Machine(item.Item), 20 + (ulong)item.Index, 90, 1500, 0.08),
        })];

        CalibrationResult result = SimulatorCalibration.Fit(records);

        string[] missed = [.. from constant in result.Constants
                              let trueValue = SystemConstants.Of(Machine(Models[0]), constant.Constant)
                              where !(constant.Low <= 1.001 * trueValue && trueValue <= 1.001 * constant.High)
                              let interval = $"[{constant.Low:G4}, {constant.High:G4}]"
                              select $"{constant.Constant}: {constant.Value:G4} {interval}, true {trueValue:G4}"];
        Assert.True(missed.Length == 0, string.Join('\n', missed));

        Assert.Contains(result.Constants, constant => constant is { Constant: CalibrationConstant.MemoryEfficiency, IsIdentified: true });
        Assert.Contains(result.Constants, constant => constant is { Constant: CalibrationConstant.FrontEndSeconds, IsIdentified: true });
        Assert.True(CalibrationResult.MeanErrors(result.StepResiduals)!.Value.After < 0.035);
        Assert.True(CalibrationResult.MeanErrors(result.PowerResiduals)!.Value.After < 0.03);
        Assert.Equal(["no record says how fast its host was, so that the profile does not say it either"], result.Notes);
    }

    [Fact]
    public void Fit_PredictsRuns_WhenItHasNotSeenThem()
    {
        using TemporaryFolder folder = new();
        RunRecord[] records =
        [
            EngineLikeRecords.Write(folder.PathOf("small"), Machine("llama-3.2-1b"), 1, 60, 400, 0.1),
            EngineLikeRecords.Write(folder.PathOf("large"), Machine("llama-2-13b"), 2, 60, 1000, 0.15),
        ];
        RunRecord other = EngineLikeRecords.Write(folder.PathOf("other"), Machine("llama-2-7b"), 3, 60, 700, 0.1);
        string profile = folder.PathOf("fitted.yaml");

        CalibrationFiles.Write(SimulatorCalibration.Fit(records), profile);
        PointResult before = RunRecordComparison.Of(other);
        PointResult after = RunRecordComparison.Of(
            other, new StatedSystem { Gpu = folder.PathOf("fitted.gpu.yaml"), Engine = profile });

        Assert.True(Math.Abs(before.ErrorRatio(PointMetric.Tbt)) > 0.15, $"{before.ErrorRatio(PointMetric.Tbt):P1} before");
        Assert.InRange(after.ErrorRatio(PointMetric.Tbt), -0.05, 0.05);
        Assert.InRange(after.ErrorRatio(PointMetric.Watts), -0.05, 0.05);
        Assert.InRange(after.ErrorRatio(PointMetric.JoulesPerToken), -0.07, 0.07);
    }

    [Fact]
    public void Fit_KeepsThePowerConstantsAndNotesIt_WhenNothingWasMetered()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem machine = Machine("llama-2-7b");
        RunRecord record = EngineLikeRecords.Write(folder.PathOf("run"), machine, 1, 20, 300, 0.3, metered: false);

        CalibrationResult result = SimulatorCalibration.Fit([record]);

        Assert.DoesNotContain(result.Constants, constant => constant.Constant >= CalibrationConstant.ClockedWatts);
        Assert.Equal(GpuCatalog.Find("H200").Power, result.Gpu.Power);
        Assert.Contains(result.Notes, note => note.StartsWith("power was not measured in 1 of 1 records: run", StringComparison.Ordinal));
        Assert.Contains(
            result.Notes, note => note.StartsWith("power constants were left as they were: 0 windows", StringComparison.Ordinal));
        Assert.Contains(result.Notes, note => note.Contains("same number of layers", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_NamesEverythingAtOnce_WhenARecordLacksIt()
    {
        using TemporaryFolder folder = new();
        RunRecord record = EngineLikeRecords.Write(folder.PathOf("run"), Machine("llama-2-7b"), 1, 10, 300, 0.3);
        string manifest = File.ReadAllText(folder.PathOf("run", RunFiles.Manifest))
            .Replace("\"llama-2-7b\"", "\"my-model\"", StringComparison.Ordinal)
            .Replace("\"greenserve\"", "\"my-engine\"", StringComparison.Ordinal)
            .Replace("NVIDIA H200", "Abacus 9", StringComparison.Ordinal);
        File.WriteAllText(folder.PathOf("run", RunFiles.Manifest), manifest);

        RunRecord unknown = RunRecord.Read(record.Folder);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SimulatorCalibration.Fit([unknown]));

        Assert.Equal(["$.model", "$.system.gpu", "$.system.engine"], exception.Problems.Select(problem => problem.Place));
        Assert.Contains("'cuda', 'Abacus 9'", exception.Message, StringComparison.Ordinal);

        // The record need not name what the caller names.
        StatedSystem stated = new() { Gpu = "H200", Engine = "greenserve" };
        exception = Assert.Throws<InvalidInputException>(() => SimulatorCalibration.Fit([unknown], stated));
        Assert.Equal("$.model", Assert.Single(exception.Problems).Place);
    }

    [Fact]
    public void Fit_RefusesTheRuns_WhenTheyHaveTooFewSteps()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem machine = Machine("llama-2-7b") with { Knobs = new Knobs() };
        RunRecord record = SimulatedRecords.Write(folder.PathOf("run"), machine, 1, promptTokens: 16);
        EditedRecord.ForgetSizes(folder.PathOf("run"));
        File.WriteAllLines(folder.PathOf("run", RunFiles.Steps), File.ReadAllLines(folder.PathOf("run", RunFiles.Steps)).Take(12));

        RunRecord shortened = RunRecord.Read(record.Folder);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SimulatorCalibration.Fit([shortened]));

        string problem = exception.Problems.Single().ToString();
        Assert.Contains("steps with work in all records, want at least 20", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_MarksConstants_WhenTheRunsDoNotIdentifyThem()
    {
        // One short prompt says nothing about large products or attention over long prompts.
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11") with { GpuCount = 1 };
        using TemporaryFolder folder = new();
        RunRecord record = SimulatedRecords.Write(folder.PathOf("run"), machine, 1, promptTokens: 16);

        CalibrationResult result = SimulatorCalibration.Fit([record]);

        Assert.False(result.Constants.Single(constant => constant.Constant == CalibrationConstant.PrefillAttentionEfficiency).IsIdentified);
        Assert.Equal(machine.Gpu.PrefillAttentionEfficiency, result.Gpu.PrefillAttentionEfficiency, 0.02);
        Assert.Empty(result.PowerResiduals);
    }

    [Fact]
    public void Fit_RefusesRuns_WhenTheyDoNotBelongTogetherOrLackSteps()
    {
        SimulatedSystem one = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11") with { GpuCount = 1 };
        SimulatedSystem other = one with { Gpu = GpuCatalog.Find("H200"), Engine = EngineCatalog.Find("vllm-inferencex") };
        using TemporaryFolder folder = new();
        RunRecord first = SimulatedRecords.Write(folder.PathOf("first"), one, 3);
        RunRecord second = SimulatedRecords.Write(folder.PathOf("second"), other, 3);
        EditedRecord.RemoveTable(folder.PathOf("second"), RunFiles.Steps);

        RunRecord withoutSteps = RunRecord.Read(second.Folder);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SimulatorCalibration.Fit([first, withoutSteps]));

        Assert.Equal([RunFiles.Steps], exception.Problems.Select(problem => problem.Place));
        RunRecord third = SimulatedRecords.Write(folder.PathOf("third"), other, 3);
        exception = Assert.Throws<InvalidInputException>(() => SimulatorCalibration.Fit([first, third]));
        Assert.Equal(["$.system.gpu", "$.system.engine"], exception.Problems.Select(problem => problem.Place));
    }

    private static SimulatedSystem Machine(string model)
    {
        GpuDefinition gpu = GpuCatalog.Find("H200");
        EngineProfile engine = EngineCatalog.Find("greenserve");
        return new SimulatedSystem
        {
            Model = ModelCatalog.Read(model),
            GpuCount = 1,
            Gpu = gpu with
            {
                Bf16 = gpu.Bf16 with { MemoryEfficiency = 0.7, ComputeEfficiency = 0.6 },
                DecodeAttentionEfficiency = 0.55,
                PrefillAttentionEfficiency = 0.4,
                Power = gpu.Power with { ClockedWatts = 70, MemoryWatts = 480, ComputeWatts = 500, OneRowDiscountRatio = 0.3 },
            },
            Engine = engine with
            {
                FrontEndSeconds = 4e-3,
                Costs = engine.Costs with
                {
                    LayerSeconds = 70e-6,
                    StepSeconds = 1e-3,
                    SequenceSeconds = 20e-6,
                    OverlappedLayerSeconds = 150e-6,
                    AttentionTokenSeconds = 12e-9,
                },
            },
        };
    }

    private static double Value(CalibrationResult result, CalibrationConstant constant) =>
        result.Constants.Single(fitted => fitted.Constant == constant).Value;
}
