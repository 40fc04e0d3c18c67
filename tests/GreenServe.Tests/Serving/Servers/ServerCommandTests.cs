using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Servers;

namespace GreenServe.Tests.Serving.Servers;

public sealed class ServerCommandTests
{
    [Fact]
    public void For_PutsEveryKnobOnTheCommandLine()
    {
        Knobs knobs = new() { TensorParallelism = 4, MaxBatch = 64, StepTokens = 2048, Precision = Precision.Fp8 };

        ServerCommand command = ServerCommand.For(Bind("preset: vllm"), "llama-2-70b", knobs, port: 4321);

        Assert.Equal(
            "vllm serve llama-2-70b --host 127.0.0.1 --port 4321 --no-enable-prefix-caching "
            + "--tensor-parallel-size 4 --quantization fp8 --max-num-seqs 64 --max-num-batched-tokens 2048",
            string.Join(' ', command.Command));
        Assert.Equal("http://127.0.0.1:4321/health", command.Ready.AbsoluteUri);
        Assert.Equal(DialectName.Vllm, command.Dialect);
    }

    [Fact]
    public void For_FillsCommandArgumentsAndEnvironment()
    {
        ServerDefinition definition = Bind(
            """
            command: [run-me, "--model={model}", "--json={\"a\": 1}"]
            arguments: ["--listen", "{host}:{port}"]
            environment: { WHERE: "{port}" }
            model: /models/own
            knobs:
              max_batch: { arguments: ["-b", "{value}"] }
              precision: { values: { int8: [--int8] } }
            ready_path: /up
            """);

        Knobs knobs = new() { MaxBatch = 3, Precision = Precision.Int8 };

        ServerCommand command = ServerCommand.For(definition, "llama", knobs, port: 99);

        Assert.Equal(
            ["run-me", "--model=/models/own", "--json={\"a\": 1}", "--int8", "-b", "3", "--listen", "127.0.0.1:99"], command.Command);
        Assert.Equal("99", command.Environment["WHERE"]);
        Assert.Equal("/up", command.Ready.AbsolutePath);
    }

    [Fact]
    public void For_RefusesAKnob_ThatWouldNotReachTheServer()
    {
        ServerDefinition definition = Bind("preset: llama-cpp");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => ServerCommand.For(definition, "m", new Knobs { TensorParallelism = 2, Precision = Precision.Fp8 }, port: 1));

        Assert.Equal(["knobs.tensor_parallelism", "knobs.precision"], exception.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void For_LeavesTheDefaultToTheServer_WhenAKnobIsNotStated()
    {
        ServerCommand command = ServerCommand.For(Bind("preset: vllm"), "m", new Knobs(), port: 1);

        // A format that nobody asked for would make the record say bf16 of a server whose model is fp16 or fp8.
        Assert.Equal("vllm serve m --host 127.0.0.1 --port 1 --no-enable-prefix-caching", string.Join(' ', command.Command));
    }

    [Fact]
    public void For_PutsStagesOnTheCommandLine_OrRefusesThem()
    {
        Knobs knobs = new() { PipelineParallelism = 2 };

        ServerCommand command = ServerCommand.For(Bind("preset: sglang"), "m", knobs, port: 1);
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => ServerCommand.For(Bind("preset: tgi"), "m", knobs, port: 1));

        Assert.Contains("--pp-size 2", string.Join(' ', command.Command), StringComparison.Ordinal);
        Assert.Equal("knobs.pipeline_parallelism", Assert.Single(exception.Problems).Place);
    }

    [Fact]
    public void For_RefusesAValue_ThatTheServerCannotTake()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => ServerCommand.For(Bind("preset: tgi"), "m", new Knobs { Precision = Precision.Int4 }, port: 1));

        Assert.Equal("one of bf16, fp8", Assert.Single(exception.Problems).Allowed);
    }

    [Theory]
    [InlineData("vllm", true, "--enable-prefix-caching --max-model-len 4096")]
    [InlineData("sglang", false, "--disable-radix-cache --context-length 4096")]
    [InlineData("sglang", true, "--enable-metrics --context-length 4096")]
    [InlineData("llama-cpp", false, "--no-cache-prompt --ctx-size 32768")]
    public void For_StatesContextAndPrefixCache(string preset, bool caches, string expected)
    {
        ServerDefinition definition = Bind($"{{ preset: {preset}, caches_prefixes: {(caches ? "true" : "false")}, context_tokens: 4096 }}");

        ServerCommand command = ServerCommand.For(definition, "m", new Knobs { MaxBatch = 8 }, port: 1);

        // The slots of llama-server divide its context: 8 x 4096.
        Assert.Contains($" {expected} ", string.Join(' ', command.Command), StringComparison.Ordinal);
    }

    [Fact]
    public void For_RefusesToStateWhatTheCommandLineCannotSay()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ServerCommand.For(
            Bind("{ command: [mine], caches_prefixes: true, context_tokens: 4096 }"), "m", new Knobs { MaxBatch = 8 }, port: 1));

        Assert.Equal(["caches_prefixes", "context_tokens", "knobs.max_batch"], exception.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void For_PutsTheKnobsOfTensorRtOnTheCommandLine()
    {
        Knobs knobs = new() { TensorParallelism = 4, PipelineParallelism = 2, MaxBatch = 64, StepTokens = 2048 };

        ServerCommand command = ServerCommand.For(Bind("preset: tensorrt-llm"), "m", knobs, port: 1);

        Assert.Equal(
            "trtllm-serve m --host 127.0.0.1 --port 1 --tp_size 4 --pp_size 2 --max_batch_size 64 --max_num_tokens 2048 "
            + "--enable_chunked_prefill",
            string.Join(' ', command.Command));
        Assert.Equal("/prometheus/metrics", command.Metrics.AbsolutePath);
        Assert.Equal(DialectName.TensorRtLlm, command.Dialect);
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("tensorrt-llm")]
    [InlineData("sglang")]
    [InlineData("tgi")]
    [InlineData("llama-cpp")]
    [InlineData("simulated")]
    [InlineData("engine")]
    public void For_FillsEveryPlaceholder_OfEveryPreset(string preset)
    {
        Knobs knobs = new() { MaxBatch = 2, StepTokens = 512 };

        ServerCommand command = ServerCommand.For(Bind($"preset: {preset}"), "m", knobs, port: 1);

        Assert.All(command.Command, part => Assert.DoesNotContain('{', part));
    }

    private static ServerDefinition Bind(string yaml) => DocumentTree.Parse(yaml, "server.yaml").Bind<ServerDefinition>();
}
