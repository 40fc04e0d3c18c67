using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class CalibrationFilesTests
{
    [Fact]
    public void Write_WritesFiles_ThatARunTakes()
    {
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1, engine: "vllm-0.11") with { GpuCount = 1 };
        using TemporaryFolder folder = new();
        RunRecord record = SimulatedRecords.AsMeasured(SimulatedRecords.Write(folder.PathOf("run"), machine, 30));
        string path = folder.PathOf("mine.yaml");
        CalibrationResult result = SimulatorCalibration.Fit([record]);

        CalibrationFiles.Write(result, path);

        Assert.All(CalibrationFiles.PathsFor(path), file => Assert.True(File.Exists(file), file));
        EngineProfile engine = EngineCatalog.Find(path);
        GpuDefinition gpu = GpuCatalog.Find(folder.PathOf("mine.gpu.yaml"));
        Assert.Equal(("mine", "H100-80GB-SXM-mine"), (engine.Name, gpu.Name));
        Assert.Equal(result.Gpu.Bf16, gpu.Bf16);
        Assert.Equal(result.Gpu.Power, gpu.Power);
        Assert.Equal(result.Engine.Costs, engine.Costs);
        Assert.Contains("# memory_efficiency: ", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LeavesTheErrorsOfWhatWasHeldOut_InTheProfile()
    {
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1);
        using TemporaryFolder folder = new();
        string path = folder.PathOf("mine.yaml");
        ObservedResidual Row(string run, CalibrationPart part, double measured) => new(run, PointMetric.Tbt, part, measured, 0.02, 0.01);

        CalibrationFiles.Write(
            new CalibrationResult
            {
                Constants = [],
                Gpu = machine.Gpu,
                Engine = machine.Engine with { Aliases = ["another"] },
                Compared = ComparedRange.Of([(machine, 1), (machine, 32)]),
                StepResiduals = [],
                PowerResiduals = [],
                ObservedResiduals =
                [
                    Row("load/a_r0", CalibrationPart.HeldOut, 0.0102), Row("load/a_r1", CalibrationPart.HeldOut, 0.0104),
                    Row("load/b_r0", CalibrationPart.HeldOut, 0.0097), Row("load/c_r0", CalibrationPart.CrossValidated, 0.0103),
                    Row("load/d_r0", CalibrationPart.Fitted, 0.05),
                ],
            },
            path);

        // Two repetitions are one error, their mean; what the constants were fitted to does not count.
        ErrorBand expected = ErrorBandRule.Of([(Math.Log(1.02) + Math.Log(1.04)) / 2, Math.Log(0.97), Math.Log(1.03)])!.Rounded();
        ErrorBands errors = Assert.Single(EngineCatalog.Find(path).Errors!);
        Assert.Equal((expected, "H100-80GB-SXM-mine", null), (errors.Tbt, errors.Gpu, errors.Watts));
        Assert.Equal("3 operating points held out of the calibration", errors.Source);
        Assert.Equal((1, 32), (errors.Compared!.FewestRequests, errors.Compared.MostRequests));
        Assert.Equal([machine.Model.Name], errors.Compared.Models);
        Assert.Empty(EngineCatalog.Find(path).Aliases);
    }

    [Fact]
    public void Write_SaysThatEachPointWasPredictedFromTheOthers_WhenNoneWasHeldOut()
    {
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1);
        using TemporaryFolder folder = new();
        string path = folder.PathOf("mine.yaml");

        CalibrationFiles.Write(
            new CalibrationResult
            {
                Constants = [],
                Gpu = machine.Gpu,
                Engine = machine.Engine,
                StepResiduals = [],
                PowerResiduals = [],
                ObservedResiduals =
                [
                    .. new[] { "a", "b", "c" }.Select(run =>
                        new ObservedResidual(run, PointMetric.Tbt, CalibrationPart.CrossValidated, 0.011, 0.02, 0.01)),
                ],
            },
            path);

        Assert.Equal(
            "3 operating points, each predicted from a fit to the others", Assert.Single(EngineCatalog.Find(path).Errors!).Source);
    }
}
