using GreenServe.Cli;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli;

public sealed class CompareCommandTests : IDisposable
{
    private const string Experiment = """
        name: small
        purpose: a test
        source: this test
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-2025 }
        workload: fixed-512-128
        overrides: { workload.model: llama-2-7b, workload.duration_seconds: 30, workload.warm_up_seconds: 2 }
        repetitions: 5
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Compare_Passes_WhenNothingChanged()
    {
        await SweepAsync("before");
        await SweepAsync("after");

        CommandResult result = await CommandRunner.RunAsync("compare", folder.PathOf("before"), folder.PathOf("after"), "--gate");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Compare_ExitsWithFailedAndSaysWhich_WhenTheCandidateIsSlower()
    {
        await SweepAsync("before");
        await SweepAsync("after", "--set", "gpu_clock_megahertz=510");

        CommandResult gated = await CommandRunner.RunAsync("compare", folder.PathOf("before"), folder.PathOf("after"), "--gate", "--junit", folder.PathOf("junit.xml"));
        CommandResult shown = await CommandRunner.RunAsync("compare", folder.PathOf("before"), folder.PathOf("after"));

        Assert.Equal((ExitCode.Failed, ExitCode.Success), (gated.ExitCode, shown.ExitCode));
        Assert.Contains("WORSE", shown.Output, StringComparison.Ordinal);
        Assert.Contains("<failure", File.ReadAllText(folder.PathOf("junit.xml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_Refuses_WhenAFolderHoldsNoRecord()
    {
        CommandResult result = await CommandRunner.RunAsync("compare", folder.Root, folder.PathOf("missing"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("want a folder with run records", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private async Task SweepAsync(string name, params string[] options)
    {
        CommandResult result = await CommandRunner.RunAsync(
            ["sweep", folder.Write("small.experiment.yaml", Experiment), "--out", folder.PathOf(name), .. options]);
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
    }
}
