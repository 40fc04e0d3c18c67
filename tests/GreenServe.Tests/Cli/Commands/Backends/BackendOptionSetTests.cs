using System.CommandLine;
using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Cli.Commands.Backends;

/// <summary>What serves follows from the options that are given, and an option without effect is refused.</summary>
public sealed class BackendOptionSetTests : IDisposable
{
    /// <summary>A port at which nothing listens.</summary>
    private const string DeadEndpoint = "http://127.0.0.1:9";

    private const string Workload = SmallWorkload.OfTheCatalog;

    private readonly TemporaryFolder folder = new();

    /// <summary>Options that a simulated run uses, with those that choose what serves.</summary>
    private static readonly string[] OfASimulation =
        ["--backend", "--out", "--trace", "--trace-events", "--seed", "--model", "--gpu", "--gpus", "--engine", "--host-speed", "--set",
            "--cluster", "--tables", "--steps", "--rate", "--concurrency", "--input-tokens", "--output-tokens", "--requests", "--duration",
            "--warm-up", "--slo", "--dataset", "--dataset-format", "--tokenizer", "--quiet", "--live", "--metrics", "--otlp", "--json"];

    public static TheoryData<string> OptionsOfAServer =>
        [.. RunOptions().Select(option => option.Name).Except([.. OfASimulation, "--policy", "--endpoint", "--server"])];

    [Theory]
    [MemberData(nameof(OptionsOfAServer))]
    public async Task Choose_RefusesTheOption_WhenTheEngineIsSimulated(string name)
    {
        CommandResult result = await RunAsync(ArgumentsOf(name));

        Assert.Equal((ExitCode.BadInput, ""), (result.ExitCode, result.Output));
        Assert.Contains($"{name}: got an option that the simulated engine does not use, want ", result.Error, StringComparison.Ordinal);
        Assert.Contains("with it, or the command without it", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Choose_NamesEveryOption_WhenSeveralHaveNoEffect()
    {
        CommandResult result = await RunAsync("--chat", "--meters", "none", "--api-key-env", "NOT_SET");

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal(3, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("--endpoint: got an option that the simulated engine does not use", "--backend", "simulated", "--endpoint", DeadEndpoint)]
    [InlineData("--endpoint: got an option that the built-in engine does not use", "--backend", "engine", "--endpoint", DeadEndpoint)]
    [InlineData("--server: got also --endpoint", "--endpoint", DeadEndpoint, "--server", "file.yaml")]
    [InlineData("--cluster: got also --endpoint", "--endpoint", DeadEndpoint, "--cluster", "file.yaml")]
    [InlineData("--cluster: got an option that the built-in engine", "--backend", "engine", "--cluster", "file.yaml")]
    [InlineData("--trace-events: got an option that a server that is running", "--endpoint", DeadEndpoint, "--trace-events", "new.json")]
    [InlineData("--gpus: got an option that a server that is running already", "--endpoint", DeadEndpoint, "--gpus", "4")]
    [InlineData("--engine: got an option that the built-in engine does not use", "--backend", "engine", "--engine", "vllm-0.11")]
    [InlineData("--dialect: got an option that the built-in engine does not use", "--backend", "engine", "--dialect", "vllm")]
    [InlineData("--set gpu_count=4: got an option that a server that", "--endpoint", DeadEndpoint, "--set", "gpu_count=4")]
    [InlineData("--set model=x: got an option that a server that is running", "--endpoint", DeadEndpoint, "--set", "model=x")]
    [InlineData("--set system.engine=x: got an option that the built-in", "--backend", "engine", "--set", "system.engine=x")]
    [InlineData("--gpu: got an option that a simulated cluster does not use", "--cluster", "file.yaml", "--gpu", "H200")]
    [InlineData("--set max_batch=4: got an option that a simulated cluster", "--cluster", "file.yaml", "--set", "max_batch=4")]
    [InlineData("--endpoint: got nothing, want the address of a running server", "--backend", "openai")]
    [InlineData(
        "--baseline-seconds: got it with --baselines none",
        "--endpoint", DeadEndpoint, "--baselines", "none", "--baseline-seconds", "3")]
    public async Task Choose_NamesTheContradiction_WhenOptionsDoNotFitTogether(string expected, params string[] options)
    {
        CommandResult result = await RunAsync(options);

        Assert.Equal((ExitCode.BadInput, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("run")));
    }

    [Fact]
    public async Task Choose_SpeaksToTheServer_WhenOnlyAnEndpointIsGiven()
    {
        CommandResult result = await RunAsync("--endpoint", DeadEndpoint, "--ready-timeout", "0");

        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("cannot be reached", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-cpp")]
    [InlineData("llamacpp")]
    [InlineData("tensorrt-llm")]
    [InlineData("tgi-generate")]
    [InlineData("ollama-native")]
    [InlineData("OpenAI")]
    public async Task Choose_TakesTheDialect_ByTheNameOfItsDocumentation(string name)
    {
        CommandResult result = await RunAsync("--endpoint", DeadEndpoint, "--ready-timeout", "0", "--dialect", name);

        // The name is understood, and only then is the server looked for.
        Assert.Equal(ExitCode.Unavailable, result.ExitCode);
        Assert.Contains("cannot be reached", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_StatesTheEvidenceFirst_WhenTheEngineIsSimulated()
    {
        CommandResult result = await RunAsync();

        Assert.Equal((ExitCode.Success, ""), (result.ExitCode, result.Error));
        Assert.Matches("^simulated evidence: no hardware was measured; 8 x H100-80GB-SXM, vllm-0.11\n", result.Output);
    }

    [Fact]
    public async Task Choose_RefusesAMaximumInFlight_WhenTheLoopIsClosed()
    {
        CommandResult result = await CommandRunner.RunAsync(
            "run", "fixed-closed-loop", "--endpoint", DeadEndpoint, "--max-in-flight", "4", "--out", folder.PathOf("run"));

        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("--max-in-flight: got it with the closed loop", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static IEnumerable<Option> RunOptions() => CommandLineApplication.CreateRoot(new CommandContext()).Subcommands
        .Single(command => command.Name == "run").Options.Where(option => option.Name.StartsWith("--", StringComparison.Ordinal)
            && option.Name != "--help");

    /// <summary>The option with a value that its type and its range allow.</summary>
    private static string[] ArgumentsOf(string name)
    {
        Option option = RunOptions().Single(option => option.Name == name);
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        return type == typeof(bool) ? [name]
            : type.IsEnum ? [name, option.HelpName!.Split('|')[^1]]
            : [name, type == typeof(int) || type == typeof(long) || type == typeof(double) ? "1" : "none"];
    }

    private Task<CommandResult> RunAsync(params string[] options) => CommandRunner.RunAsync(
        ["run", folder.Write("small.workload.yaml", Workload), "--out", folder.PathOf("run"), .. options]);
}
