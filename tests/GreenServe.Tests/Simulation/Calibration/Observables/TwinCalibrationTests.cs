using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Simulation;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Calibration.Observables;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Simulation.Calibration.Observables;

public sealed class TwinCalibrationTests
{
    /// <summary>One operating point is held out, which takes less time than a cross-validation.</summary>
    private static readonly CalibrationOptions WithoutSteps = new() { UsesSteps = false, HoldOut = HoldOut.Parse(["*llama-2-7b-600*"]) };

    [Fact]
    public void Fit_RecoversTheConstantsWithinTheirIntervals_FromTimesAndMetersAlone()
    {
        using TemporaryFolder folder = new();

        CalibrationResult result = TwinCalibration.Fit(Records(folder), [], WithoutSteps);

        SimulatedSystem truth = Machine("llama-2-7b");
        string[] missed = [.. from constant in result.Constants
                              let trueValue = SystemConstants.Of(truth, constant.Constant)
                              where !(constant.Low <= 1.02 * trueValue && trueValue <= 1.02 * constant.High)
                              let interval = $"[{constant.Low:G4}, {constant.High:G4}]"
                              select $"{constant.Constant}: {constant.Value:G4} {interval}, true {trueValue:G4}"];

        // Of some 15 intervals of 95 %, one may miss.
        Assert.True(missed.Length <= 1, string.Join('\n', missed));

        // Records with 5 % noise in each step: the means of a run are far better than that.
        Assert.All(
            result.ObservedResiduals.Where(row => row.Part == CalibrationPart.Fitted && row.Metric != PointMetric.Ttft),
            row => Assert.InRange(row.After / row.Measured, 0.95, 1.05));
        Assert.All(
            result.ObservedResiduals.Where(row => row is { Part: CalibrationPart.HeldOut, Metric: PointMetric.Tbt or PointMetric.Watts }),
            row => Assert.InRange(row.After / row.Measured, 0.95, 1.05));
    }

    [Fact]
    public void Fit_LeavesOutSimulatedRuns_AndCopies()
    {
        using TemporaryFolder folder = new();
        RunRecord record = Records(folder).First();
        RunRecord simulated = SimulatedRecords.Write(folder.PathOf("simulated"), Machine("llama-2-7b"), 20);

        CalibrationOptions options = WithoutSteps with { HoldOut = HoldOut.Parse(["0"]) };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => TwinCalibration.Fit([record, record, record, simulated], [], options));

        // Three copies of one run are one operating point, and a simulated run is none.
        Assert.Contains("got 1 operating points", Assert.Single(exception.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NamesADamagedRecord()
    {
        using TemporaryFolder folder = new();
        RunRecord[] records = [.. Records(folder).Take(3)];
        foreach (RunRecord record in records.Take(2))
        {
            File.Delete(Path.Combine(record.Folder, "requests.csv"));
        }

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => TwinCalibration.Fit([.. records.Select(record => RunRecord.Read(record.Folder))], [], WithoutSteps));

        Assert.All(exception.Problems, problem => Assert.Contains("requests", problem.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_SaysWhatOneModelDoesNotTell_AndWhichRunWould()
    {
        using TemporaryFolder folder = new();
        RunRecord[] records = [.. Records(folder).Where(record => record.Manifest.Model == "llama-2-7b")];

        CalibrationResult result = TwinCalibration.Fit(records, [], WithoutSteps);

        // One model has one number of layers, so that only the sum of a layer's and a step's time follows.
        Assert.False(result.Constants.Single(constant => constant.Constant == CalibrationConstant.LayerSeconds).IsIdentified);
        Assert.Contains(result.Notes, note => note.StartsWith("layer_seconds is not told by these loads", StringComparison.Ordinal));
        Assert.Contains(result.FurtherRuns, run => run.Contains("tokens in and", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_LeavesPowerAndSaysSo_WhenNothingWasMetered()
    {
        using TemporaryFolder folder = new();
        RunRecord[] records = [.. new[] { 0.1, 0.2, 0.3, 0.9 }.Index().Select(item => EngineLikeRecords.Write(
            folder.PathOf($"llama-2-7b-{300 * item.Index}"),
            Machine("llama-2-7b"),
            seed: (ulong)item.Index,
            requests: 20,
            promptTokens: 300,
            gapSeconds: item.Item,
            metered: false))];

        CalibrationResult result = TwinCalibration.Fit(records, [], WithoutSteps);

        Assert.Equal(GpuCatalog.Find("H200").Power, result.Gpu.Power);
        Assert.Contains("power constants were left as they were: no record or point has measured power", result.Notes);
    }

    [Fact]
    public void Fit_LeavesOutInvalidRecords_AndNamesThem()
    {
        using TemporaryFolder folder = new();
        RunRecord[] records = Records(folder);
        string path = Path.Combine(records[0].Folder, RunFiles.Manifest);
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest["verdict"]!["reasons"] = new JsonArray(new JsonObject { ["code"] = "interrupted", ["message"] = "cut" });
        File.WriteAllText(path, manifest.ToJsonString());

        CalibrationResult result = TwinCalibration.Fit([RunRecord.Read(records[0].Folder), .. records[1..]], [], WithoutSteps);

        string name = Path.GetFileName(records[0].Folder);
        Assert.Contains($"1 records left out, since they are INVALID: {name}", result.Notes);
        Assert.DoesNotContain(result.ObservedResiduals, row => row.Run == name);
    }

    [Fact]
    public void Fit_RefusesTooFewOperatingPoints_AndNamesWhatIsMissing()
    {
        using TemporaryFolder folder = new();
        RunRecord[] records = Records(folder)[3..5];

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TwinCalibration.Fit(records, [], WithoutSteps));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal("1 operating points to fit to, of 2", problem.Found);
        Assert.Contains("users, with short and with long prompts", problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_RefusesAKnob_WhenARecordStatesAnotherValue()
    {
        using TemporaryFolder folder = new();
        RunRecord record = EngineLikeRecords.Write(folder.PathOf("one"), Machine("llama-2-7b"), 1, 20, 300, 0.3);
        StatedSystem stated = new() { Knobs = new Knobs { Precision = Precision.Fp8, TensorParallelism = 1, MaxBatch = 64 } };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => TwinCalibration.Fit([record], [], WithoutSteps with { Stated = stated }));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal(
            ("--set", "precision=fp8", "no precision, or bf16, with which the record was measured"),
            (problem.Place, problem.Found, problem.Allowed));
    }

    [Fact]
    public void Fit_RefusesRecordsOfTwoGpus()
    {
        using TemporaryFolder folder = new();
        SimulatedSystem other = Machine("llama-2-7b") with { Gpu = GpuCatalog.Find("H100-80GB-SXM") };
        RunRecord[] records = [.. Records(folder)[3..5], EngineLikeRecords.Write(folder.PathOf("other"), other, 9, 20, 300, 0.3)];

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TwinCalibration.Fit(records, [], WithoutSteps));

        Assert.Contains(exception.Problems, problem => problem.Place == "environment.gpus");
    }

    [Fact]
    public void Fit_FitsOnlyPointsThatAreMarkedForIt_AndPredictsTheOthers()
    {
        MeasuredPoint[] points =
        [
            .. from users in new[] { 1, 4, 16, 64 }
               from input in new[] { 256, 2048 }
               select Point(users, input, split: users == 16 ? "validation" : "calibration"),
        ];

        CalibrationResult result = TwinCalibration.Fit([], points, WithoutSteps with
        {
            HoldOut = HoldOut.None,
            Stated = new StatedSystem { Engine = "vllm-2025" },
        });

        IEnumerable<string> heldOut =
            result.ObservedResiduals.Where(row => row.Part == CalibrationPart.HeldOut).Select(row => row.Run).Distinct();
        Assert.Equal(["16-256", "16-2048"], heldOut);
        Assert.All(
            result.ObservedResiduals.Where(row => row is { Part: CalibrationPart.HeldOut, Metric: PointMetric.Tbt or PointMetric.Watts }),
            row => Assert.InRange(row.After / row.Measured, 0.95, 1.05));

        // The machine's step takes 4 ms more than the profile's; with one model, the time of its layers counts alike.
        double StepSeconds(IReadOnlyDictionary<CalibrationConstant, double> values) =>
            values[CalibrationConstant.StepSeconds] + (32 * values[CalibrationConstant.LayerSeconds]);
        Assert.Equal(
            4e-3,
            StepSeconds(result.Constants.ToDictionary(item => item.Constant, item => item.Value))
                - StepSeconds(result.Constants.ToDictionary(item => item.Constant, item => item.Before)),
            1.5e-3);
    }

    /// <summary>A point as a machine would have measured it whose steps take 4 ms more and whose memory draws less.</summary>
    private static MeasuredPoint Point(int users, int input, string split)
    {
        MeasuredPoint asked = new()
        {
            Id = $"{users}-{input}",
            Source = "test",
            Split = split,
            Gpu = "H100-80GB-SXM",
            Model = "llama-3.1-8b",
            Load = $"concurrency {users}",
            InputTokens = input,
            OutputTokens = 64,
            Stack = "vllm",
        };
        PointCatalog catalog = new()
        {
            Adjust = gpu => gpu with { Power = gpu.Power with { MemoryWatts = 300 } },
            AnyStack = Slower(EngineCatalog.Find("vllm-2025").On(asked.Gpu)),
        };
        Prediction found = PointPredictor.Predict(PointScenario.TryCreate(asked, catalog, out _)!);
        return asked with
        {
            TtftSeconds = found.TtftSeconds,
            TbtSeconds = found.TbtSeconds,
            OutputTokensPerSecond = found.OutputTokensPerSecond,
            Watts = found.Watts,
            JoulesPerOutputToken = found.JoulesPerOutputToken,
        };
    }

    private static EngineProfile Slower(EngineProfile engine) =>
        engine with { Costs = engine.Costs with { StepSeconds = engine.Costs.StepSeconds + 4e-3 } };

    /// <summary>Records of two models under light and heavy loads as an engine leaves them, without its steps.</summary>
    private static RunRecord[] Records(TemporaryFolder folder)
    {
        (string Model, int Prompt, double Gap)[] loads =
        [
            ("llama-2-7b", 200, 1.0), ("llama-2-7b", 200, 0.05), ("llama-2-7b", 3000, 0.3), ("llama-2-7b", 1000, 0.1),
            ("llama-2-7b", 600, 0.2),
            ("llama-3.2-1b", 300, 0.3), ("llama-3.2-1b", 1500, 0.03), ("llama-2-13b", 600, 0.1), ("llama-2-13b", 300, 1.0),
        ];
        return [.. loads.Index().Select(item =>
        {
            string path = folder.PathOf($"{item.Item.Model}-{item.Item.Prompt}-{item.Item.Gap}");
            EngineLikeRecords.Write(path, Machine(item.Item.Model), (ulong)item.Index, 30, item.Item.Prompt, item.Item.Gap);
            EditedRecord.RemoveTable(path, RunFiles.Steps);
            return RunRecord.Read(path);
        })];
    }

    /// <summary>A machine whose constants differ from those of the catalogs, so that a calibration has something to find.</summary>
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
                Power = gpu.Power with { ClockedWatts = 70, MemoryWatts = 480, ComputeWatts = 800 },
            },
            Engine = engine with
            {
                FrontEndSeconds = 8e-3,
                Costs = engine.Costs with { StepSeconds = 2e-3, SequenceSeconds = 60e-6 },
            },
        };
    }
}
