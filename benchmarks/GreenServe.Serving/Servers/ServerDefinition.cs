using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.Servers;

/// <summary>
/// A server that is started for an operating point: the <c>server:</c> section of an experiment, or the file given to <c>--server</c>.
/// </summary>
public sealed record ServerDefinition : IChecked
{
    /// <summary>
    /// Names of the placeholders that <see cref="Command"/>, <see cref="Arguments"/> and <see cref="Environment"/> may hold.
    /// </summary>
    internal static readonly string[] Placeholders = ["model", "host", "port", "greenserve"];

    /// <summary>
    /// A known server, whose command, flags and paths are used where this definition gives none: <c>vllm</c>, <c>sglang</c>,
    /// <c>tensorrt-llm</c>, <c>tgi</c>, <c>llama-cpp</c>, <c>simulated</c> or <c>engine</c>.
    /// </summary>
    /// <value><c>null</c>: no preset. <see cref="Command"/> must then be given.</value>
    public ServerPreset? Preset { get; init; }

    /// <summary>
    /// Program and arguments, which no shell interprets. The placeholders <c>{model}</c>, <c>{host}</c>, <c>{port}</c> and
    /// <c>{greenserve}</c> are replaced.
    /// </summary>
    /// <value><c>null</c>: the preset's.</value>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Arguments that are added after those of the command and of the knobs. Placeholders are replaced.</summary>
    /// <value>Empty.</value>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables that are added to those of this process. Placeholders are replaced.</summary>
    /// <value>Empty.</value>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// How each knob is put on the command line, by the knob's name: <c>tensor_parallelism</c>, <c>pipeline_parallelism</c>,
    /// <c>max_batch</c>, <c>step_tokens</c>, <c>precision</c>. An entry here replaces the preset's.
    /// </summary>
    /// <value>Empty: the preset's.</value>
    public IReadOnlyDictionary<string, KnobFlag> Knobs { get; init; } = new Dictionary<string, KnobFlag>();

    /// <summary>Longest context that the preset is started with, input and output together, 1 to 100,000,000 tokens.</summary>
    /// <value><c>null</c>: the server's own, which is that of the model or what its memory holds.</value>
    [Range(1, 100_000_000)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ContextTokens { get; init; }

    /// <summary>Whether the preset is started with its cache of the beginnings that prompts share.</summary>
    /// <value>
    /// <c>null</c>: off where the preset can turn it off on its command line (vLLM, SGLang), and the server's own default elsewhere.
    /// </value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? CachesPrefixes { get; init; }

    /// <summary>The model as the server knows it, for example a folder or a Hugging Face name.</summary>
    /// <value><c>null</c>: the workload's model.</value>
    public string? Model { get; init; }

    /// <summary>TCP port on the loopback interface, 1 to 65535.</summary>
    /// <value><c>null</c>: a free port.</value>
    [Range(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Path that answers with status 200 once the server is ready.</summary>
    /// <value><c>null</c>: the preset's, or <c>/health</c> without a preset.</value>
    public string? ReadyPath { get; init; }

    /// <summary>Longest wait for the server to become ready, 1 to 86,400 s.</summary>
    /// <value>900 s.</value>
    [Range(1, 86_400)]
    public double ReadySeconds { get; init; } = 900;

    /// <summary>Longest wait for the server to stop by itself, 0 to 3600 s. It is then killed.</summary>
    /// <value>30 s.</value>
    [Range(0, 3600)]
    public double StopSeconds { get; init; } = 30;

    /// <summary>Path of the server's Prometheus metrics.</summary>
    /// <value><c>null</c>: the preset's, or <c>/metrics</c> without a preset.</value>
    public string? MetricsPath { get; init; }

    /// <summary>The server's dialect.</summary>
    /// <value><c>null</c>: the preset's; without a preset it is found out from the server.</value>
    public DialectName? Dialect { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Preset is null && Command is not { Count: > 0 })
        {
            yield return new Problem("$.command", Command is null ? null : "an empty list", "a program and its arguments, or a preset");
        }

        for (int index = 0; index < (Command?.Count ?? 0); index++)
        {
            foreach (string unknown in Template.UnknownPlaceholders(Command![index], Placeholders))
            {
                yield return new Problem($"$.command[{index}]", $"{{{unknown}}}", $"one of {Template.List(Placeholders)}");
            }
        }

        foreach ((string name, KnobFlag flag) in Knobs)
        {
            if (!KnobFlag.Names.Contains(name))
            {
                yield return new Problem($"$.knobs.{name}", "unknown knob", $"one of {string.Join(", ", KnobFlag.Names)}");
            }
        }
    }
}
