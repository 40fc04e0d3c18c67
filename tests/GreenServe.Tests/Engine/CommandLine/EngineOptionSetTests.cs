using System.CommandLine;
using System.Net;
using GreenServe.Engine.CommandLine;

namespace GreenServe.Tests.Engine.CommandLine;

public sealed class EngineOptionSetTests
{
    [Fact]
    public void Read_GivesTheDefaults_WhenNothingIsAsked() => Assert.Equal(new EngineSettings(), Read(out _));

    [Fact]
    public void Read_GivesWhatIsAsked()
    {
        EngineSettings settings = Read(
            out ParseResult parsed,
            "--model", "llama-2-7b", "--device", "cuda", "--precision", "bf16", "--max-batch", "64", "--step-tokens", "4096",
            "--max-context", "2048", "--seed", "7", "--port", "0", "--address", "127.0.0.2", "--steps", "steps.csv");

        Assert.Empty(parsed.Errors);
        Assert.Equal(
            new EngineSettings
            {
                Model = "llama-2-7b",
                Device = DeviceKind.Cuda,
                Precision = EnginePrecision.Bf16,
                MaxBatch = 64,
                StepTokens = 4096,
                MaxContext = 2048,
                Seed = 7,
                Port = 0,
                Address = IPAddress.Parse("127.0.0.2"),
                StepsFile = "steps.csv",
            },
            settings);
        Assert.Equal(RunnerKind.Torch, settings.EffectiveRunner);
    }

    [Theory]
    [InlineData("--max-batch", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--threads", "-1")]
    [InlineData("--address", "somewhere")]
    [InlineData("--device", "tpu")]
    [InlineData("--max-context", "many")]
    public void Read_RefusesAValueOutOfRange(string option, string value)
    {
        _ = Read(out ParseResult parsed, option, value);

        Assert.Contains(parsed.Errors, error => error.Message.Contains(value, StringComparison.Ordinal));
    }

    private static EngineSettings Read(out ParseResult parsed, params string[] arguments)
    {
        EngineOptionSet options = new();
        RootCommand command = new();
        options.AddTo(command);
        parsed = command.Parse(arguments);
        return parsed.Errors.Count == 0 ? options.Read(parsed) : new EngineSettings();
    }
}
