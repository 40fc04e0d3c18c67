using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.Servers;

/// <summary>The documented facts about a server: its command line, its flags and its paths.</summary>
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
    /// <summary>Finds what is known of a preset.</summary>
    internal static PresetServer Find(ServerPreset preset) => preset switch
    {
        ServerPreset.Vllm => Vllm,
        ServerPreset.Sglang => Sglang,
        ServerPreset.Tgi => Tgi,
        ServerPreset.LlamaCpp => LlamaCpp,
        ServerPreset.Simulated => BuiltIn("simulated"),
        ServerPreset.Engine => BuiltIn("engine"),
        _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "no such preset"),
    };

    private static PresetServer Vllm { get; } = new(
        ["vllm", "serve", "{model}", "--host", "{host}", "--port", "{port}", "--no-enable-prefix-caching"],
        new Dictionary<string, KnobFlag>
        {
            ["tensor_parallelism"] = Flag("--tensor-parallel-size"),
            ["pipeline_parallelism"] = Flag("--pipeline-parallel-size"),
            ["max_batch"] = Flag("--max-num-seqs"),
            ["step_tokens"] = Flag("--max-num-batched-tokens"),
            ["precision"] = Choice(("bf16", ["--dtype", "bfloat16"]), ("fp32", ["--dtype", "float32"]), ("fp8", ["--quantization", "fp8"])),
        },
        DialectName.Vllm);

    private static PresetServer Sglang { get; } = new(
        [
            "python", "-m", "sglang.launch_server", "--model-path", "{model}", "--host", "{host}", "--port", "{port}",
            "--disable-radix-cache", "--enable-metrics",
        ],
        new Dictionary<string, KnobFlag>
        {
            ["tensor_parallelism"] = Flag("--tp"),
            ["pipeline_parallelism"] = Flag("--pp-size"),
            ["max_batch"] = Flag("--max-running-requests"),
            ["step_tokens"] = Flag("--chunked-prefill-size"),
            ["precision"] = Choice(("bf16", ["--dtype", "bfloat16"]), ("fp32", ["--dtype", "float32"]), ("fp8", ["--quantization", "fp8"])),
        },
        DialectName.Sglang);

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
            ["step_tokens"] = Flag("--batch-size"),
        },
        DialectName.LlamaCpp);

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
