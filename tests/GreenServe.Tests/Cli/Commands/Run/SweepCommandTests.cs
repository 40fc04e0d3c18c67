using System.Text.Json.Nodes;
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
        system: { gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11 }
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
        Assert.Contains(
            "power-cap-watts-300 and 1 more points: knobs.power_cap_watts: got 300, 400, want --allow-device-changes as well",
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("records")));
    }

    [Theory]
    [InlineData("concurrency: 1", "concurrency: 2", "workload.arrival.concurrency was 1, now 2")]
    [InlineData("llama-2-7b", "llama-3.1-8b", "workload.model was \"llama-2-7b\", now \"llama-3.1-8b\"")]
    [InlineData("gpu_count: 8", "gpu_count: 4", "system.gpu_count was 8, now 4")]
    [InlineData("H100-80GB-SXM", "A100-80GB-SXM", "system.gpu was \"H100-80GB-SXM\", now \"A100-80GB-SXM\"")]
    [InlineData("workload: fixed", "knobs: { precision: fp8 }\nworkload: fixed", "knobs.precision was nothing, now \"fp8\"")]
    public async Task Sweep_NamesTheDifferenceAndKeepsTheRecords_WhenResumedWithAnotherExperiment(
        string earlier, string later, string difference)
    {
        await SweepAsync(Experiment);
        string[] before = Contents();

        CommandResult result = await SweepAsync(Experiment.Replace(earlier, later, StringComparison.Ordinal), "--resume");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(difference, result.Error, StringComparison.Ordinal);
        Assert.Contains(
            "4 points, for example input-tokens-64_r0,", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Sweep_NamesTheDifference_WhenASettingOfTheCommandLineDiffers()
    {
        await SweepAsync(Experiment);

        CommandResult result = await SweepAsync(Experiment, "--resume", "--set", "precision=fp8", "--set", "workload.seed=7");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("workload.seed was 1, now 7", result.Error, StringComparison.Ordinal);
        Assert.Contains("knobs.precision was nothing, now \"fp8\"", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_NamesTheRecordsOfAnotherGrid_WhenResumed()
    {
        await SweepAsync(Experiment);

        CommandResult result = await SweepAsync(Experiment.Replace("[64, 512]", "[64, 1024]", StringComparison.Ordinal), "--resume");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            "2 records of another grid of 'small', for example input-tokens-512_r0", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_RemovesNothing_WhenARecordIsOfANewerVersionOrHoldsOtherFiles()
    {
        await SweepAsync(Experiment, "--tables", "csv");
        string[] records = [.. Directory.GetDirectories(folder.PathOf("out")).Order(StringComparer.Ordinal)];
        string newer = Path.Combine(records[0], RunFiles.Manifest);
        string text = await File.ReadAllTextAsync(newer);
        await File.WriteAllTextAsync(newer, text.Replace("\"schema_version\": 1", "\"schema_version\": 2", StringComparison.Ordinal));
        File.Delete(Path.Combine(records[1], RunFiles.Requests));
        Directory.CreateDirectory(Path.Combine(records[1], "notes"));
        await File.WriteAllTextAsync(Path.Combine(records[1], "precious.txt"), "mine");
        string[] before = Contents();

        CommandResult result = await SweepAsync(Experiment, "--resume", "--tables", "csv");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            $"{Path.GetFileName(records[0])} whose run.json this build does not know ($.schema_version: got 2, want 1 to 1",
            result.Error, StringComparison.Ordinal);
        Assert.Contains(
            $"{Path.GetFileName(records[1])} with files that are of no record: notes, precious.txt (its requests.csv has",
            result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Sweep_NamesTheFile_WhenAModelChangedUnderItsName()
    {
        string own = await File.ReadAllTextAsync(Repository.PathOf("workloads", "models", "llama-2-7b.yaml"));
        string experiment = Experiment.Replace("llama-2-7b", "./own.yaml", StringComparison.Ordinal);
        folder.Write("own.yaml", own);
        await SweepAsync(experiment);
        folder.Write("own.yaml", own.Replace("layers: 32", "layers: 16", StringComparison.Ordinal));

        CommandResult result = await SweepAsync(experiment, "--resume");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("files.model_sha256 was ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunFiles.Requests)]
    [InlineData(RunFiles.Steps)]
    [InlineData(RunFiles.TokenGaps)]
    public async Task Sweep_RunsThePointAgainAndSaysWhy_WhenATableIsMissingOrCut(string table)
    {
        await SweepAsync(Experiment, "--tables", "csv");
        string[] before = Contents();
        string[] records = [.. Directory.GetDirectories(folder.PathOf("out")).Order(StringComparer.Ordinal)];
        File.Delete(Path.Combine(records[0], table));
        string cut = Path.Combine(records[1], table);
        await File.WriteAllTextAsync(cut, (await File.ReadAllTextAsync(cut))[..^2]);

        CommandResult result = await SweepAsync(Experiment, "--resume", "--tables", "csv");

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Contains($"runs again: {Path.GetFileName(records[0])}: its {table} has no rows", result.Output, StringComparison.Ordinal);
        Assert.Matches($"runs again: {Path.GetFileName(records[1])}: its {table} has [0-9]+ bytes and not the [0-9]+ bytes", result.Output);
        Assert.Contains("4 points, 2 kept, 2 run", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Sweep_KeepsTheRecord_WhenItDoesNotSayWhatWasAsked()
    {
        await SweepAsync(Experiment);
        string manifest = Path.Combine(Directory.GetDirectories(folder.PathOf("out"))[0], RunFiles.Manifest);
        JsonObject earlier = JsonNode.Parse(await File.ReadAllTextAsync(manifest))!.AsObject();
        earlier.Remove("definition");
        earlier.Remove("tables");
        await File.WriteAllTextAsync(manifest, earlier.ToJsonString());

        CommandResult result = await SweepAsync(Experiment, "--resume");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("written by an earlier version", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(manifest));
    }

    [Theory]
    [InlineData("artifact: input-length", "artifact: input-lenght", "small.experiment.yaml:4: $.artifact: got 'input-lenght', want one of")]
    [InlineData("path: workload.lengths.input.tokens", "path: system.gpu", "system.gpu' on the axis 'input_tokens'", "--endpoint")]
    [InlineData("path: workload.lengths.input.tokens", "path: knobs.max_batch", "cannot be given other values", "--endpoint")]
    [InlineData(
        "artifact", "artifact", "for what the axis 'input_tokens' varies", "--set", "workload.lengths.input.tokens=9")]
    [InlineData("repetitions: 2", "repetitions: 2", "--jobs: got an option that a server that is running", "--endpoint", "--jobs", "2")]
    public async Task Sweep_RefusesTheExperimentBeforeItStarts_WhenItsPointsWouldNotBeWhatTheySay(
        string good, string bad, string expected, params string[] options)
    {
        string[] given = [.. options.SelectMany(option => option == "--endpoint" ? new[] { option, "http://127.0.0.1:9" } : [option])];

        CommandResult result = await SweepAsync(Experiment.Replace(good, bad, StringComparison.Ordinal), given);

        Assert.Equal((ExitCode.BadInput, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    [Fact]
    public async Task Sweep_IsOneLine_WhenOneKnobIsWrongAtEveryPoint()
    {
        CommandResult result = await SweepAsync(Experiment.Replace("workload: fixed", "knobs: { power_cap_watts: 5 }\nworkload: fixed",
            StringComparison.Ordinal));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            "input-tokens-64_r0 and 3 more points: knobs.power_cap_watts: got 5, want 200 to 700 W",
            Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_StatesTheEvidenceFirst_WhenTheEngineIsSimulated()
    {
        CommandResult result = await SweepAsync(Experiment);

        Assert.StartsWith(
            "simulated evidence, nothing is measured: 4 points on the simulated engine", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Task<CommandResult> SweepAsync(string experiment, params string[] options) => CommandRunner.RunAsync(
        ["sweep", folder.Write("small.experiment.yaml", experiment), "--out", folder.PathOf("out"), .. options]);

    private static int InputTokens(RunRecord record) => record.Manifest.Experiment!.Coordinates["input_tokens"]!.GetValue<int>();

    private string[] Contents() => [.. Directory.GetFiles(folder.PathOf("out"), "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(path => $"{path}\n{File.ReadAllText(path)}")];
}
