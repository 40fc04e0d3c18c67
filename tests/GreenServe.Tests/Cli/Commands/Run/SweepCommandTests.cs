using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class SweepCommandTests : IDisposable
{
    private const string Experiment = """
        name: small
        purpose: a test
        source: this test
        artifact: input-length
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-2025 }
        workload: fixed-closed-loop
        overrides: { workload.model: llama-2-7b, workload.arrival.concurrency: 1, workload.requests: 3 }
        repetitions: 2
        grid:
          - name: input_tokens
            path: workload.lengths.input.tokens
            values: [64, 512]
        """;

    private const string PowerCaps = """
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

    [Fact]
    public async Task Sweep_LeavesARecordThatKnowsItsPlace_WhenAPointHasRun()
    {
        CommandResult result = await SweepAsync(Experiment);

        RunRecord[] records = [.. RunRecord.ReadAll([folder.PathOf("out")])];
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal([64, 64, 512, 512], records.Select(InputTokens).Order());
        Assert.Equal([0, 0, 1, 1], records.Select(record => record.Manifest.Experiment!.Repetition).Order());
    }

    [Fact]
    public async Task Sweep_RunsOnlyWhatIsMissing_WhenResumed()
    {
        await SweepAsync(Experiment);
        string[] records = Directory.GetDirectories(folder.PathOf("out"));
        Directory.Delete(records[0], recursive: true);
        string interrupted = Path.Combine(records[1], RunFiles.Manifest);
        RunRecordWriter.Create(folder.PathOf("draft"), RunRecord.Read(records[1]).Manifest).Dispose();
        File.Copy(folder.PathOf("draft", RunFiles.Manifest), interrupted, overwrite: true);

        CommandResult result = await SweepAsync(Experiment, "--resume");

        Assert.Contains("4 points, 2 kept, 2 run", result.Output, StringComparison.Ordinal);
        Assert.All(RunRecord.ReadAll([folder.PathOf("out")]), record => Assert.True(record.Manifest.Verdict.IsValid));
    }

    [Fact]
    public async Task Sweep_WritesNothing_WhenOnePointCannotBeRun()
    {
        CommandResult result = await SweepAsync(Experiment.Replace("[64, 512]", "[64, 100000, -1]", StringComparison.Ordinal));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("got -1", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Sweep_NamesThePoint_WhenARequestIsTooLongForTheModel()
    {
        CommandResult result = await SweepAsync(Experiment.Replace("[64, 512]", "[64, 5000]", StringComparison.Ordinal));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("input-tokens-5000", result.Error, StringComparison.Ordinal);
        Assert.Contains("4096 tokens of the context", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Sweep_LeavesTheSameBytes_WhenTheNumberOfJobsDiffers()
    {
        await SweepAsync(Experiment, "--jobs", "1");
        string[] one = Contents();
        Directory.Delete(folder.PathOf("out"), recursive: true);
        await SweepAsync(Experiment, "--jobs", "4");

        Assert.Equal(one, Contents());
    }

    [Fact]
    public async Task Sweep_RunsNoPoint_WhenThereIsNoPermissionForItsPowerCaps()
    {
        string file = folder.Write("caps.experiment.yaml", PowerCaps.Replace("GPU", "H200", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync("sweep", file, "--out", folder.PathOf("records"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal(2, result.Error.Split('\n').Count(line => line.Contains("--allow-device-changes", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(folder.PathOf("records")));
    }

    public void Dispose() => folder.Dispose();

    private Task<CommandResult> SweepAsync(string experiment, params string[] options) => CommandRunner.RunAsync(
        ["sweep", folder.Write("small.experiment.yaml", experiment), "--out", folder.PathOf("out"), .. options]);

    private static int InputTokens(RunRecord record) => record.Manifest.Experiment!.Coordinates["input_tokens"]!.GetValue<int>();

    private string[] Contents() => [.. Directory.GetFiles(folder.PathOf("out"), "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(path => $"{path}\n{File.ReadAllText(path)}")];
}
