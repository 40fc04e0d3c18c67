using GreenServe.Cli.Commands.Run;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Records.Runs;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class HostSpeedOptionTests : IDisposable
{
    private const string Twin = """
        name: twin
        source: a test
        costs: { layer_seconds: 0, step_seconds: 2e-3, sequence_seconds: 0, overlapped_layer_seconds: 50e-6 }
        front_end_seconds: 0.01
        fitted_host: { launch_seconds: 4.5e-6, single_thread_operations_per_second: 10e6 }
        overrides:
          - gpus: [H200]
            costs: { layer_seconds: 0, step_seconds: 1e-3, sequence_seconds: 0 }
            fitted_host: { launch_seconds: 3e-6 }
          - gpus: [B200]
            costs: { layer_seconds: 0, step_seconds: 1e-3, sequence_seconds: 0 }
        """;

    private static readonly HostSpeed Slow = new() { LaunchSeconds = 9e-6, SingleThreadOperationsPerSecond = 8e6 };

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Read_TakesTheHostOfARecord()
    {
        WriteRecord("run", Slow);

        Assert.Equal(Slow, HostSpeedOption.Read(folder.PathOf("run"), "H200"));
    }

    [Theory]
    [InlineData("host.json")]
    [InlineData("host.yaml")]
    public void Read_TakesAFileThatTheProbeWrote(string name) =>
        Assert.Equal(Slow, HostSpeedOption.Read(folder.Write(name, DocumentContract.Readable(Slow)), "H200"));

    [Theory]
    [InlineData("H100-80GB-SXM", 4.5e-6)]
    [InlineData("H200", 3e-6)]
    public void Read_TakesTheHostOnWhichAProfileWasFitted(string gpu, double seconds) =>
        Assert.Equal(seconds, HostSpeedOption.Read(folder.Write("twin.yaml", Twin), gpu).LaunchSeconds);

    [Theory]
    [InlineData("nothing", "nothing")]
    [InlineData("greenserve", "a profile that does not state on which host it was fitted")]
    [InlineData("twin.yaml", "a profile that does not state on which host it was fitted")]
    [InlineData("old", "a record that does not state the speed of its host")]
    [InlineData("remote", "a record that does not state the speed of its host (no probe runs there)")]
    [InlineData("bad.yaml", "-3")]
    public void Read_SaysWhatItFound_WhenThatStatesNoHost(string given, string found)
    {
        folder.Write("twin.yaml", Twin);
        folder.Write("bad.yaml", "launch_seconds: -3");
        WriteRecord("old", null);
        WriteRecord("remote", HostSpeed.Unknown("no probe runs there"));
        string path = folder.PathOf(given);

        Problem problem = Assert.Single(InvalidInputException.ProblemsOf(
            () => HostSpeedOption.Read(Path.Exists(path) ? path : given, "B200")));

        Assert.Equal(found, Convert.ToString(problem.Found, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Run_SaysThatItsPredictionWasScaled()
    {
        string twin = folder.Write("twin.yaml", Twin);
        string host = folder.Write("host.yaml", DocumentContract.Readable(Slow));
        string[] command = ["run", folder.Write("small.yaml", SmallWorkload.OfTheCatalog), "--engine", twin, "--gpus", "1", "--out"];

        await CommandRunner.RunAsync([.. command, folder.PathOf("here")]);
        CommandResult result = await CommandRunner.RunAsync([.. command, folder.PathOf("there"), "--host-speed", host]);

        const string Note = "host work of twin is scaled to another host: launches of kernels from 4.50 us to 9.00 us, "
            + "one thread from 10.00 million operations/s to 8.00 million operations/s";
        Assert.Contains("is scaled to another host", result.Output, StringComparison.Ordinal);
        Assert.Equal(Note, RunRecord.Read(folder.PathOf("there")).Manifest.HostScaling);
        Assert.Equal(Slow, RunRecord.Read(folder.PathOf("there")).Manifest.System!.Host);
        Assert.Null(RunRecord.Read(folder.PathOf("here")).Manifest.HostScaling);
    }

    [Fact]
    public async Task Run_RefusesAHost_WhenAServerIsMeasured()
    {
        string workload = folder.Write("small.yaml", SmallWorkload.OfTheCatalog);

        CommandResult result = await CommandRunner.RunAsync(
            "run", workload, "--endpoint", "http://127.0.0.1:9", "--host-speed", "any", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            "--host-speed: got an option that a server that is running already does not use", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void WriteRecord(string name, HostSpeed? speed)
    {
        RunManifest manifest = SmallRun.Manifest();
        manifest = manifest with { Environment = manifest.Environment with { HostSpeed = speed } };
        folder.Write(Path.Combine(name, RunFiles.Manifest), DocumentContract.Readable(manifest));
    }
}
