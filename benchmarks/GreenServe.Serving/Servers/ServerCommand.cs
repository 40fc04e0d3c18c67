using System.Globalization;
using System.Net;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Serving.Dialects;

namespace GreenServe.Serving.Servers;

/// <summary>Everything needed to start a server: every placeholder is replaced, and every knob is on the command line.</summary>
public sealed record ServerCommand
{
    /// <summary>Program and arguments, which no shell interprets.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment variables that are added to those of this process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Root of the server, for example <c>http://127.0.0.1:8000/</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Address that answers with status 200 once the server is ready.</summary>
    public required Uri Ready { get; init; }

    /// <summary>Address of the server's Prometheus metrics.</summary>
    public required Uri Metrics { get; init; }

    /// <summary>The server's dialect.</summary>
    /// <value><c>null</c>: found out from the server.</value>
    public DialectName? Dialect { get; init; }

    /// <summary>Longest wait for the server to become ready (s).</summary>
    public required double ReadySeconds { get; init; }

    /// <summary>Longest wait for the server to stop by itself (s). It is then killed.</summary>
    public required double StopSeconds { get; init; }

    /// <summary>Makes the command of an operating point.</summary>
    /// <param name="definition">The server's definition.</param>
    /// <param name="model">The workload's model, for a definition that names none.</param>
    /// <param name="knobs">
    /// The knobs of the point. Each one that is set must be on the command line: a knob that did not reach the server would falsify the
    /// record.
    /// </param>
    /// <param name="port">A TCP port that is free now.</param>
    /// <param name="host">Address that the server listens on; <c>null</c> for the loopback interface.</param>
    /// <exception cref="InvalidInputException">Some knobs cannot be put on the command line. The problems name each of them.</exception>
    public static ServerCommand For(ServerDefinition definition, string model, Knobs knobs, int port, string? host = null)
    {
        PresetServer? preset = definition.Preset is { } name ? PresetServer.Find(name) : null;
        Dictionary<string, string> values = new()
        {
            ["model"] = definition.Model ?? model,
            ["host"] = host ?? IPAddress.Loopback.ToString(),
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["greenserve"] = System.Environment.ProcessPath ?? "greenserve",
        };
        List<string> command = [.. (definition.Command ?? preset!.Command).Select(part => Template.Fill(part, values))];
        command.AddRange(ArgumentsOf(definition, preset, knobs));
        command.AddRange(definition.Arguments.Select(part => Template.Fill(part, values)));

        UriBuilder root = new("http", IPAddress.Loopback.ToString(), port);
        return new ServerCommand
        {
            Command = command,
            Environment = definition.Environment.ToDictionary(pair => pair.Key, pair => Template.Fill(pair.Value, values)),
            Endpoint = root.Uri,
            Ready = new Uri(root.Uri, definition.ReadyPath ?? preset?.ReadyPath ?? "/health"),
            Metrics = new Uri(root.Uri, definition.MetricsPath ?? preset?.MetricsPath ?? "/metrics"),
            Dialect = definition.Dialect ?? preset?.Dialect,
            ReadySeconds = definition.ReadySeconds,
            StopSeconds = definition.StopSeconds,
        };
    }

    private static List<string> ArgumentsOf(ServerDefinition definition, PresetServer? preset, Knobs knobs)
    {
        List<Problem> problems = [];
        List<string> arguments =
        [
            .. PrefixArguments(definition, preset, problems),
            .. ContextArguments(definition, preset, knobs, problems),
        ];
        foreach ((string name, string value, bool isUsual) in KnobFlag.Of(knobs))
        {
            KnobFlag? flag = definition.Knobs.GetValueOrDefault(name) ?? preset?.Knobs.GetValueOrDefault(name);
            if (flag?.For(value) is { } found)
            {
                arguments.AddRange(found);
            }
            else if (!isUsual)
            {
                string allowed = flag?.Values is { } known
                    ? $"one of {string.Join(", ", known.Keys)}"
                    : $"a knob this server has: add server.knobs.{name}";
                problems.Add(new Problem($"knobs.{name}", value, allowed));
            }
        }

        return problems.Count == 0 ? arguments : throw new InvalidInputException(problems);
    }

    private static IReadOnlyList<string> PrefixArguments(ServerDefinition definition, PresetServer? preset, List<Problem> problems)
    {
        PrefixCacheFlags? flags = preset?.PrefixCaching;
        if (definition.CachesPrefixes is not { } caches)
        {
            return definition.Command is null && flags is { IsTurnedOff: true } ? flags.Off : [];
        }

        if (flags is null)
        {
            problems.Add(new Problem(
                "caches_prefixes", caches, "nothing: this server's command line is not known to say it, so say it in server.arguments"));
            return [];
        }

        return caches ? flags.On : flags.Off;
    }

    private static IReadOnlyList<string> ContextArguments(
        ServerDefinition definition, PresetServer? preset, Knobs knobs, List<Problem> problems)
    {
        if (definition.ContextTokens is not { } tokens)
        {
            return [];
        }

        // Sequences that divide one context need their number of contexts in it.
        long all = preset is { DividesContext: true } ? (long)tokens * (knobs.MaxBatch ?? 1) : tokens;
        if (preset?.ContextTokens?.For(all.ToString(CultureInfo.InvariantCulture)) is { } found)
        {
            return found;
        }

        problems.Add(new Problem(
            "context_tokens", tokens, "nothing: this server's command line is not known to say it, so say it in server.arguments"));
        return [];
    }
}
