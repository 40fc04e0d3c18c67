using System.CommandLine;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Machine;
using GreenServe.Running.Processes;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that say how to reach a real server, how to load it and what to meter meanwhile.</summary>
internal sealed class ServerOptions
{
    // Stands in for the endpoint of a server that is started for each point.
    private const string ToBeStarted = "http://127.0.0.1/";
    private static readonly LoadOptions Defaults = new();

    private readonly Option<string?> endpoint = new("--endpoint")
    {
        Description = "Root of an OpenAI-compatible server, for example http://127.0.0.1:8000. Needed by --backend openai.",
        HelpName = "URL",
    };

    private readonly Option<string?> serverFile = new("--server")
    {
        Description = "YAML file of a server to start for the run and to stop after it (preset, command, environment, knobs), instead of --endpoint.",
        HelpName = "FILE",
    };

    private readonly Option<DialectName?> dialect = new("--dialect")
    {
        Description = "The server's dialect. Default: found out from the server.",
    };

    private readonly Option<bool> chat = new("--chat") { Description = "Send chat completions instead of completions." };

    private readonly Option<bool> http2 = new("--http2") { Description = "Speak HTTP/2, in the clear where the endpoint is http." };

    private readonly Option<string?> keyVariable = new("--api-key-env")
    {
        Description = "Environment variable that holds the API key; it reaches no record, log or message. Default: no key.",
        HelpName = "NAME",
    };

    private readonly Option<string?> keyFile = new("--api-key-file")
    {
        Description = "File whose first line is the API key. Default: no key.",
        HelpName = "FILE",
    };

    private readonly Option<int?> maxInFlight = new("--max-in-flight")
    {
        Description = "Most requests in flight in an open loop, at least 1; time spent waiting for a place is recorded apart. Default: no cap.",
        HelpName = "N",
    };

    private readonly Option<double> requestTimeout = new("--request-timeout")
    {
        Description = "Longest time from issue to end of a request in seconds, above 0.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.RequestSeconds,
    };

    private readonly Option<LoadEnd> end = new("--at-end")
    {
        Description = "What becomes of requests in flight when the last one has been sent.",
        DefaultValueFactory = _ => Defaults.End,
    };

    private readonly Option<bool> tokenTimes = new("--keep-token-times") { Description = "Keep the time of every token in the record (tokens.csv)." };

    private readonly MeasurementOptionSet measure = new();

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[]
            { endpoint, serverFile, dialect, chat, http2, keyVariable, keyFile, maxInFlight, requestTimeout, end, tokenTimes })
        {
            command.Add(option);
        }

        measure.AddTo(command);
    }

    /// <summary>The runner of a point on the backend that the options choose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Which backend, and the model's name on it.</param>
    /// <param name="point">The point to run, or the first of several with the same system.</param>
    /// <param name="lifetime">Is told what must end in order.</param>
    /// <exception cref="InvalidInputException">Every option that cannot be used.</exception>
    internal PointRunnerOptions Runner(ParseResult parsed, PointOptions options, OperatingPoint point, ProcessLifetime lifetime)
    {
        BackendKind backend = options.Backend(parsed);
        if (backend == BackendKind.Simulated)
        {
            return new PointRunnerOptions { Backend = backend };
        }

        TextWriter output = parsed.InvocationConfiguration.Output;
        return new PointRunnerOptions
        {
            Backend = backend,
            Points = [point],
            Connection = backend == BackendKind.OpenAI ? Connection(parsed, point.Seed, options.ModelName(parsed)) : null,
            Server = parsed.GetValue(serverFile) is { } file ? DocumentTree.Read(file).Bind<ServerDefinition>() : null,
            EngineOutput = output,
            Measurement = new MeasurementContext
            {
                Policy = measure.Read(parsed),
                Load = Load(parsed),
                Progress = new TerminalProgress(output),
                Lifetime = lifetime,
            },
        };
    }

    /// <summary>Where and how to reach the server.</summary>
    /// <exception cref="InvalidInputException">No endpoint, or two keys.</exception>
    private OpenAiOptions Connection(ParseResult parsed, ulong seed, string? model)
    {
        List<Problem> problems = [];
        string? address = parsed.GetValue(endpoint);
        if (parsed.GetValue(serverFile) is not null && address is not null)
        {
            problems.Add(new Problem("--server", "also --endpoint", "one of the two"));
        }

        address ??= parsed.GetValue(serverFile) is null ? null : ToBeStarted;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? root) || root.Scheme is not ("http" or "https"))
        {
            problems.Add(new Problem("--endpoint", address, "an http or https address, for example http://127.0.0.1:8000"));
        }

        if (parsed.GetValue(keyVariable) is not null && parsed.GetValue(keyFile) is not null)
        {
            problems.Add(new Problem("--api-key-file", "also --api-key-env", "one of the two"));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : new OpenAiOptions
        {
            Endpoint = root!,
            Model = model,
            Dialect = parsed.GetValue(dialect),
            IsChat = parsed.GetValue(chat),
            UsesHttp2 = parsed.GetValue(http2),
            ApiKey = parsed.GetValue(keyVariable) is { } variable ? Secret.FromEnvironment(variable)
                : parsed.GetValue(keyFile) is { } file ? Secret.FromFile(file)
                : null,
            Seed = seed,
        };
    }

    /// <summary>How the schedule is sent.</summary>
    private LoadOptions Load(ParseResult parsed)
    {
        double seconds = parsed.GetValue(requestTimeout);
        int? most = parsed.GetValue(maxInFlight);
        List<Problem> problems = [];
        if (!(seconds > 0))
        {
            problems.Add(new Problem("--request-timeout", seconds, "a number greater than 0"));
        }

        if (most < 1)
        {
            problems.Add(new Problem("--max-in-flight", most, "a whole number of at least 1"));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : Defaults with
        {
            MaxInFlight = most,
            RequestSeconds = seconds,
            FirstTokenSeconds = Math.Min(Defaults.FirstTokenSeconds, seconds),
            StallSeconds = Math.Min(Defaults.StallSeconds, seconds),
            End = parsed.GetValue(end),
            KeepsTokenTimes = parsed.GetValue(tokenTimes),
        };
    }
}
