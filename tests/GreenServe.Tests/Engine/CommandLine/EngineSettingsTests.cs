using GreenServe.Engine.CommandLine;

namespace GreenServe.Tests.Engine.CommandLine;

public sealed class EngineSettingsTests
{
    [Theory]
    [InlineData(DeviceKind.Cuda, RunnerKind.Onnx, null, "--runner")]
    [InlineData(DeviceKind.Cpu, null, EnginePrecision.Bf16, "--precision")]
    [InlineData(DeviceKind.Cuda, null, EnginePrecision.Int4, "--precision")]
    public void Check_RefusesWhatNoRunnerDoes(DeviceKind device, RunnerKind? runner, EnginePrecision? precision, string place)
    {
        EngineSettings settings = new() { Device = device, Runner = runner, Precision = precision };

        Assert.Equal([place], settings.Check().Select(problem => problem.Place));
    }
}
