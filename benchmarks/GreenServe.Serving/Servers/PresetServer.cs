using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.Servers;

/// <summary>The documented facts about a server: its command line, its flags and its paths.</summary>
/// <remarks>
/// Sources: vLLM, engine arguments of 0.8.5 to 0.20 (docs.vllm.ai); SGLang, docs/advanced_features/server_arguments.md (0.5);
/// TensorRT-LLM, tensorrt_llm/commands/serve.py (1.2); llama.cpp, tools/server/README.md (2026).
/// </remarks>
/// <param name="Command">Program and arguments, with placeholders.</param>
/// <param name="Knobs">How each knob is put on the command line, by the knob's name.</param>
/// <param name="Dialect">The server's dialect.</param>
/// <param name="ReadyPath">Path that answers with status 200 once the server is ready.</param>
/// <param name="MetricsPath">Path of the server's Prometheus metrics.</param>
internal sealed record PresetServer(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, KnobFlag> Knobs,
    DialectName Dialect,
    string ReadyPath = "/health",
    string MetricsPath = "/metrics")
{
    /// <summary>How the longest context is put on the command line; <c>null</c> where it cannot be.</summary>
    internal KnobFlag? ContextTokens { get; private init; }

    /// <summary>Whether the context on the command line is that of all sequences together, which divide it.</summary>
    internal bool DividesContext { get; private init; }

    /// <summary>How the cache of prefixes is turned on and off; <c>null</c> where the command line cannot say it.</summary>
    internal PrefixCacheFlags? PrefixCaching { get; private init; }

    /// <summary>Finds what is known of a preset.</summary>
    internal static PresetServer Find(ServerPreset preset) => preset switch
    {
        ServerPreset.Vllm => Vllm,
        ServerPreset.Sglang => Sglang,
        ServerPreset.TensorRtLlm => TensorRtLlm,
        ServerPreset.Tgi => Tgi,
        ServerPreset.LlamaCpp => LlamaCpp,
        ServerPreset.Simulated => BuiltIn("simulated"),
        ServerPreset.Engine => BuiltIn("engine"),
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "no such preset"),
    };

    private static PresetServer Vllm { get; } = new(
        ["vllm", "serve", "{model}", "--host", "{host}", "--port", "{port}"],
        new Dictionary<string, KnobFlag>
        {
            ["tensor_parallelism"] = Flag("--tensor-parallel-size"),
            ["pipeline_parallelism"] = Flag("--pipeline-parallel-size"),
            ["max_batch"] = Flag("--max-num-seqs"),
            ["step_tokens"] = Flag("--max-num-batched-tokens"),
            ["precision"] = Choice(("bf16", ["--dtype", "bfloat16"]), ("fp32", ["--dtype", "float32"]), ("fp8", ["--quantization", "fp8"])),
        },
        DialectName.Vllm)
    {
        ContextTokens = Flag("--max-model-len"),
        PrefixCaching = new PrefixCacheFlags(["--no-enable-prefix-caching"], ["--enable-prefix-caching"], IsTurnedOff: true),
    };

    private static PresetServer Sglang { get; } = new(
        [
            "python", "-m", "sglang.launch_server", "--model-path", "{model}", "--host", "{host}", "--port", "{port}", "--enable-metrics",
        ],
        new Dictionary<string, KnobFlag>
        {
            ["tensor_parallelism"] = Flag("--tp"),
            ["pipeline_parallelism"] = Flag("--pp-size"),
            ["max_batch"] = Flag("--max-running-requests"),
            ["step_tokens"] = Flag("--chunked-prefill-size"),
            ["precision"] = Choice(("bf16", ["--dtype", "bfloat16"]), ("fp32", ["--dtype", "float32"]), ("fp8", ["--quantization", "fp8"])),
        },
        DialectName.Sglang)
    {
        ContextTokens = Flag("--context-length"),
        PrefixCaching = new PrefixCacheFlags(["--disable-radix-cache"], [], IsTurnedOff: true),
    };

    // TensorRT-LLM reads whether it caches prefixes from a YAML file, and takes the number format of the checkpoint: no flag sets them.
    private static PresetServer TensorRtLlm { get; } = new(
        ["trtllm-serve", "{model}", "--host", "{host}", "--port", "{port}"],
        new Dictionary<string, KnobFlag>
        {
            ["tensor_parallelism"] = Flag("--tp_size"),
            ["pipeline_parallelism"] = Flag("--pp_size"),
            ["max_batch"] = Flag("--max_batch_size"),
            ["step_tokens"] = new() { Arguments = ["--max_num_tokens", "{value}", "--enable_chunked_prefill"] },
        },
        DialectName.TensorRtLlm,
        MetricsPath: "/prometheus/metrics")
    {
        ContextTokens = Flag("--max_seq_len"),
    };

    private static PresetServer Tgi { get; } = new(
        ["text-generation-launcher", "--model-id", "{model}", "--hostname", "{host}", "--port", "{port}"],
        new Dictionary<string, KnobFlag>
        {
            ["tensor_parallelism"] = Flag("--num-shard"),
            ["max_batch"] = Flag("--max-batch-size"),
            ["step_tokens"] = Flag("--max-batch-prefill-tokens"),
            ["precision"] = Choice(("bf16", ["--dtype", "bfloat16"]), ("fp8", ["--quantize", "fp8"])),
        },
        DialectName.Tgi);

    private static PresetServer LlamaCpp { get; } = new(
        ["llama-server", "--model", "{model}", "--host", "{host}", "--port", "{port}", "--metrics"],
        new Dictionary<string, KnobFlag>
        {
            ["max_batch"] = Flag("--parallel"),

            // A batch is computed in parts of the second size, which is 512 unless it is set.
            ["step_tokens"] = new() { Arguments = ["--batch-size", "{value}", "--ubatch-size", "{value}"] },
        },
        DialectName.LlamaCpp)
    {
        ContextTokens = Flag("--ctx-size"),
        DividesContext = true,
        PrefixCaching = new PrefixCacheFlags(["--no-cache-prompt"], ["--cache-prompt"], IsTurnedOff: false),
    };

    private static PresetServer BuiltIn(string engine) => new(
        ["{greenserve}", "serve", engine, "--model", "{model}", "--address", "{host}", "--port", "{port}"],
        engine == "simulated"
            ? new Dictionary<string, KnobFlag>
            {
                ["tensor_parallelism"] = Setting("tensor_parallelism"),
                ["pipeline_parallelism"] = Setting("pipeline_parallelism"),
                ["max_batch"] = Setting("max_batch"),
                ["step_tokens"] = Setting("step_tokens"),
                ["precision"] = Setting("precision"),
            }
            : new Dictionary<string, KnobFlag>
            {
                ["max_batch"] = Flag("--max-batch"),
                ["step_tokens"] = Flag("--step-tokens"),
                ["precision"] = Choice(
                    ("fp32", ["--precision", "float32"]), ("int8", ["--precision", "int8"]), ("int4", ["--precision", "int4"])),
            },
        DialectName.Vllm);

    private static KnobFlag Flag(string name) => new() { Arguments = [name, "{value}"] };

    private static KnobFlag Setting(string knob) => new() { Arguments = ["--set", $"{knob}={{value}}"] };

    private static KnobFlag Choice(params (string Value, string[] Arguments)[] choices) => new()
    {
        Values = choices.ToDictionary(choice => choice.Value, IReadOnlyList<string> (choice) => choice.Arguments),
    };
}

/// <summary>The arguments that turn a server's cache of prefixes off and on.</summary>
/// <param name="Off">Arguments that turn it off.</param>
/// <param name="On">Arguments that turn it on; empty where it is on unless it is turned off.</param>
/// <param name="IsTurnedOff">
/// Whether it is turned off for a definition that does not state it, so that equal prompts do not make a run cheaper than it says.
/// </param>
internal sealed record PrefixCacheFlags(IReadOnlyList<string> Off, IReadOnlyList<string> On, bool IsTurnedOff);
