using GreenServe.Records.Runs;
using GreenServe.Simulation.Calibration;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Calibration;

public sealed class CalibrationFilesTests
{
    [Fact]
    public void Write_WritesFiles_ThatARunTakes()
    {
        SimulatedSystem machine = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };
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
}
