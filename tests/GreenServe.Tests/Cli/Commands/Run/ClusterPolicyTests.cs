using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Run;

/// <summary><c>run</c> and <c>sweep</c> on a simulated cluster under the control of a policy.</summary>
public sealed class ClusterPolicyTests : IDisposable
{
    private const string Cluster =
        "replicas: [{ count: 2, gpu: H100-80GB-SXM, gpu_count: 1, engine: vllm-0.11, knobs: { tensor_parallelism: 1 } }]";

    private const string Slow = """
        kind: fixed
        name: slow
        source: a test
        gpu_clock_megahertz: 1200

        """;

    private const string Experiment = """
        name: small
        purpose: a test
        source: this test
        system: { cluster: clusters/two.cluster.yaml }
        workload: fixed-512-128
        overrides: { workload.model: llama-2-7b, workload.duration_seconds: 5, workload.warm_up_seconds: 1 }
        grid:
          - name: policy
            path: system.policy
            values: [null, top-clock, slow.policy.yaml]
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_NamesThePolicyInTheRecord_AndWritesItsDecisions()
    {
        CommandResult result = await RunAsync("--policy", folder.Write("slow.policy.yaml", Slow));

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(("slow", false), (record.Manifest.Policy!.Name, record.Manifest.Policy.KnowsFuture));
        Assert.Equal(["1200 MHz", "1200 MHz"], record.Actions.Select(action => action.Setting));
        Assert.All(record.Actions, action => Assert.Equal(("set_clock", 0), (action.Action, action.EffectiveSeconds)));
    }

    [Fact]
    public async Task Run_StatesThePolicyWithItsParameters_AndTheKnobsThatItChanged()
    {
        await RunAsync("--policy", folder.Write("slow.policy.yaml", Slow));

        RunManifest manifest = RunRecord.Read(folder.PathOf("run")).Manifest;
        Assert.Equal(1200, (double)manifest.Policy!.Definition!["gpu_clock_megahertz"]!);
        Assert.Equal("fixed", (string?)manifest.Policy.Definition["kind"]);
        Assert.Equal([KeyValuePair.Create("gpu_clock_megahertz", "1200 MHz")], manifest.Policy.ChangedKnobs);
        Assert.Null(manifest.Knobs.GpuClockMegahertz);
        Assert.Contains(
            "the knobs of this record are those of the first server before the run; instances worked with gpu_clock_megahertz 1200 MHz",
            manifest.Notes);
        Assert.False(manifest.Policy.StartsFromOwnTraffic);
        Assert.StartsWith(
            "no validation of a cluster of 2 instances; no validation at a GPU clock of 1200 MHz",
            manifest.ErrorBands!.Tbt!.Extrapolated, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SaysThatAPolicyStartsFromItsOwnTraffic_WhenItsProfilesDo()
    {
        CommandResult result = await RunAsync("--policy", "break-even-sleep", "--set", "slo=dynamollm");

        RunManifest manifest = RunRecord.Read(folder.PathOf("run")).Manifest;
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.True(manifest.Policy!.StartsFromOwnTraffic);
        Assert.Null(manifest.Policy.Definition!["starts_from_own_traffic"]);
        Assert.Contains(manifest.Notes, note => note.Contains("starts from a history of its own workload", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_LeavesNothingOfAPolicyInTheRecord_WithoutOne()
    {
        CommandResult result = await RunAsync();

        RunRecord record = RunRecord.Read(folder.PathOf("run"));
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Null(record.Manifest.Policy);
        Assert.Empty(record.Manifest.Notes);
        Assert.Empty(record.Actions);
    }

    [Fact]
    public async Task Run_NamesTheFile_WhenWhatAClusterNamesIsWrong()
    {
        string cluster = folder.Write(
            "mars.cluster.yaml", "replicas: [{ gpu: H200, engine: vllm-0.11, site: west }]\nsites: { west: { grid: mars } }\n");

        CommandResult result = await CommandRunner.RunAsync(["run", "fixed-512-128", "--cluster", cluster, "--out", folder.PathOf("run")]);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains($"{cluster}: $.sites.west: grid: got 'mars'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusesAPolicy_WithoutNameAndSource()
    {
        CommandResult result = await RunAsync("--policy", folder.Write("bare.policy.yaml", "kind: fixed\nname: ''\nsource: ' '\n"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("$.name: got ''", result.Error, StringComparison.Ordinal);
        Assert.Contains("$.source: got ' '", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ListsThePolicies_WhenTheNameIsUnknown()
    {
        CommandResult result = await RunAsync("--policy", "no-such-policy");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("'no-such-policy', want one of", result.Error, StringComparison.Ordinal);
        Assert.Contains("top-clock", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Run_RefusesAPolicyWithItsFileAndPlace_BeforeAnythingRuns()
    {
        string file = folder.Write("many.policy.yaml", Slow + "servers: 3\n");

        CommandResult result = await RunAsync("--policy", file);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains($"{file}: $.servers: got 3, want at most the 2 servers of the cluster", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Run_RefusesAPolicy_WithoutACluster()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "run", "fixed-512-128", "--policy", "top-clock", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(
            "--policy: got an option of a simulated cluster, where the simulated engine serves alone",
            result.Error,
            StringComparison.Ordinal);
        Assert.Contains("want --cluster FILE with it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_RunsEachPolicyOfAnAxis_FromTheFolderOfTheExperiment()
    {
        CommandResult result = await SweepAsync(Experiment);

        Dictionary<string, string?> policies = RunRecord.ReadAll([folder.PathOf("out")])
            .ToDictionary(record => Path.GetFileName(record.Folder), record => record.Manifest.Policy?.Name);
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal("top-clock", policies["policy-top-clock"]);
        Assert.Equal("slow", policies["policy-slow.policy.yaml"]);
        Assert.Null(policies["policy-default"]);
    }

    [Fact]
    public async Task Sweep_LeavesNoFolderOfThisMachineInARecord()
    {
        await SweepAsync(Experiment);

        Assert.All(
            Directory.GetFiles(folder.PathOf("out"), "run.json", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(folder.Root, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sweep_SaysThatThePolicyChanged_WhenItIsResumed()
    {
        await SweepAsync(Experiment);
        folder.Write("slow.policy.yaml", Slow.Replace("1200", "1400", StringComparison.Ordinal));

        CommandResult result = await CommandRunner.RunAsync(
            "sweep", folder.PathOf("small.experiment.yaml"), "--out", folder.PathOf("out"), "--resume");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("policy_sha256", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_RunsTheClusterAndThePolicyOfTheCommandLine()
    {
        string alone = Experiment[..Experiment.IndexOf("grid:", StringComparison.Ordinal)]
            .Replace("cluster: clusters/two.cluster.yaml", "gpu: H100-80GB-SXM, engine: vllm-0.11", StringComparison.Ordinal);

        CommandResult result = await SweepAsync(
            alone, "--cluster", folder.PathOf("clusters/two.cluster.yaml"), "--policy", "top-clock");

        RunRecord record = Assert.Single(RunRecord.ReadAll([folder.PathOf("out")]));
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(2, record.Manifest.Counters[RunCounter.Replicas.Name]);
        Assert.Equal("top-clock", record.Manifest.Policy!.Name);
    }

    [Fact]
    public async Task Sweep_KeepsTheChangesOfTheExperiment_WhenTheCommandLineNamesTheCluster()
    {
        string alone = Experiment[..Experiment.IndexOf("grid:", StringComparison.Ordinal)].Replace(
            "clusters/two.cluster.yaml",
            "none.cluster.yaml, policy: slow.policy.yaml, cluster_changes: { replicas: [{ count: 3, gpu: H100-80GB-SXM, "
                + "gpu_count: 1, engine: vllm-0.11 }] }, policy_changes: { gpu_clock_megahertz: 1400 }",
            StringComparison.Ordinal);

        CommandResult result = await SweepAsync(alone, "--cluster", folder.PathOf("clusters/two.cluster.yaml"));

        RunRecord record = Assert.Single(RunRecord.ReadAll([folder.PathOf("out")]));
        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Equal(3, record.Manifest.Counters[RunCounter.Replicas.Name]);
        Assert.Equal(1400, (double)record.Manifest.Policy!.Definition!["gpu_clock_megahertz"]!);
    }

    [Theory]
    [InlineData("--policy", "top-clock", "'system.policy' on the axis 'policy', want an axis without it, or the command without --policy")]
    [InlineData("--backend", "engine", "the file of a simulated cluster, where the built-in engine serves")]
    [InlineData("--set", "gpu_clock_megahertz=1200", "an option that a simulated cluster does not use")]
    public async Task Sweep_RefusesWhatTheExperimentOrTheClusterDecides(string option, string value, string message)
    {
        CommandResult result = await SweepAsync(Experiment, option, value);

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    private Task<CommandResult> RunAsync(params string[] more)
    {
        string cluster = folder.Write("two.cluster.yaml", Cluster);
        string[] workload =
        [
            "fixed-512-128", "--model", "llama-2-7b", "--set", "workload.duration_seconds=5", "--set", "workload.warm_up_seconds=1",
        ];
        return CommandRunner.RunAsync(["run", .. workload, "--cluster", cluster, .. more, "--out", folder.PathOf("run")]);
    }

    private Task<CommandResult> SweepAsync(string experiment, params string[] more)
    {
        folder.Write("clusters/two.cluster.yaml", Cluster);
        folder.Write("slow.policy.yaml", Slow);
        string file = folder.Write("small.experiment.yaml", experiment);
        return CommandRunner.RunAsync(["sweep", file, .. more, "--out", folder.PathOf("out")]);
    }
}
