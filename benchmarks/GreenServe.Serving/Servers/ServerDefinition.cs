using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.Servers;

/// <summary>A server that an experiment starts for each of its points: the <c>server:</c> section.</summary>
public sealed record ServerDefinition : IChecked
{
    /// <summary>Placeholders that the command and the environment may hold.</summary>
    internal static readonly string[] Placeholders = ["model", "host", "port", "greenserve"];

    /// <summary>What the other values default to; <c>null</c> for nothing.</summary>
    [Description("A known server whose command, flags and paths are used where nothing else is said: vllm, sglang, tgi, llama-cpp, simulated, engine.")]
    public ServerPreset? Preset { get; init; }

    /// <summary>Program and arguments, never passed through a shell; <c>null</c> for the preset's.</summary>
    [Description("Program and arguments, not passed through a shell. {model}, {host}, {port} and {greenserve} are replaced. Absent: the preset's.")]
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Arguments added at the end.</summary>
    [Description("Arguments added after those of the command and of the knobs.")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables added to this process' own.</summary>
    [Description("Environment variables added to those of greenserve itself; the same placeholders.")]
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How each knob is told to the server, by its name, for example <c>max_batch</c>; these win over the preset's.</summary>
    [Description("How each knob is told to the server, by its name (tensor_parallelism, max_batch, step_tokens, precision).")]
    public IReadOnlyDictionary<string, KnobFlag> Knobs { get; init; } = new Dictionary<string, KnobFlag>();

    /// <summary>Name of the model for the server, for example a folder or a Hugging Face name; <c>null</c> for the workload's.</summary>
    [Description("The model as the server knows it, for example a folder. Absent: the workload's model.")]
    public string? Model { get; init; }

    /// <summary>TCP port on the loopback; <c>null</c> takes a free one.</summary>
    [Description("TCP port on the loopback. Absent: a free one.")]
    [Range(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Path that answers 200 when the server is ready; <c>null</c> for the preset's.</summary>
    [Description("Path that answers 200 once the server is ready. Absent: the preset's, else /health.")]
    public string? ReadyPath { get; init; }

    /// <summary>Longest wait for that (s).</summary>
    [Description("Longest wait for the server to become ready, in seconds.")]
    [Range(1, 86_400)]
    public double ReadySeconds { get; init; } = 900;

    /// <summary>Longest wait for the server to stop before it is killed (s).</summary>
    [Description("Longest wait for the server to stop before it is killed, in seconds.")]
    [Range(0, 3600)]
    public double StopSeconds { get; init; } = 30;

    /// <summary>Path of its Prometheus metrics; <c>null</c> for the preset's.</summary>
    [Description("Path of the server's Prometheus metrics. Absent: the preset's, else /metrics.")]
    public string? MetricsPath { get; init; }

    /// <summary>Its dialect; <c>null</c> finds it out.</summary>
    [Description("The server's dialect. Absent: the preset's, else found out from the server.")]
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
