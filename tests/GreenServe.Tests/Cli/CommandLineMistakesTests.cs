using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli;

/// <summary>What a user reads after a slip on the command line.</summary>
public sealed class CommandLineMistakesTests : IDisposable
{
    private const string Experiment = """
        name: caps
        purpose: a test
        source: this test
        artifact: power-cap
        backend: engine
        system: { gpu: GPU, gpu_count: 1, engine: greenserve }
        knobs: { precision: bf16 }
        workload: fixed-closed-loop
        overrides: { workload.model: llama-15m }
        grid:
          - name: power_cap_watts
            path: knobs.power_cap_watts
            values: [300, 400]
        """;

    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("--precision", "int3", "--precision: got int3, want one of float32, bf16, int8, int4")]
    [InlineData("--device", "tpu", "--device: got tpu, want one of cpu, cuda")]
    [InlineData("--max-batch", "many", "--max-batch: got many, want a whole number")]
    [InlineData("--stop-grace", "long", "--stop-grace: got long, want a number")]
    public async Task AValueOfTheWrongKind_IsAnsweredWithWhatIsAllowed(string option, string value, string expected)
    {
        CommandResult result = await CommandRunner.RunAsync("serve", "engine", option, value);

        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal([expected, "See: greenserve serve engine --help"], lines.Select(line => line.TrimEnd('\r')));
    }

    [Fact]
    public async Task Help_NamesChoicesAsTheyAreTyped()
    {
        CommandResult result = await CommandRunner.RunAsync("serve", "engine", "--help");

        Assert.Contains("<cpu|cuda>", result.Output, StringComparison.Ordinal);
        Assert.Contains("<float32|bf16|int8|int4>", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClockForTheProcessor_IsRefused()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "run", "fixed-closed-loop", "--backend", "engine", "--model", "llama-15m", "--set", "gpu_clock_megahertz=1200", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("knobs.gpu_clock_megahertz: got 1200, want no clock", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("engine")]
    public async Task AKnobOfTheGpu_NeedsLeave_BeforeAnythingIsStarted(string backend)
    {
        CommandResult result = await CommandRunner.RunAsync(
            "run", "fixed-closed-loop", "--backend", backend, "--endpoint", "http://127.0.0.1:1", "--model", "llama-15m", "--gpu", "H200",
            "--set", "power_cap_watts=300", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("knobs.power_cap_watts: got 300, want --allow-device-changes as well", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASweepOverCaps_NeedsLeave_BeforeItsFirstPoint()
    {
        string file = folder.Write("caps.experiment.yaml", Experiment.Replace("GPU", "H200", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync("sweep", file, "--out", folder.PathOf("records"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal(2, result.Error.Split('\n').Count(line => line.Contains("--allow-device-changes", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(folder.PathOf("records")));
    }

    public void Dispose() => folder.Dispose();
}
