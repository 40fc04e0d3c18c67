using System.CommandLine;
using GreenServe.Cli.Terminal;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Machine;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that say how to reach a real server, how to load it and what to meter meanwhile.</summary>
/// <param name="context">What the process gives to the command.</param>
internal sealed class ServerOptionSet(CommandContext context)
{
    /// <summary>The upper limit of <see cref="LoadOptions.RequestSeconds"/>, in seconds.</summary>
    private const double MaxRequestSeconds = 86_400;

    /// <summary>The upper limit of <see cref="LoadOptions.MaxInFlight"/>, in requests.</summary>
    private const int MaxInFlightLimit = 1_000_000;

    /// <summary>Stands in for the endpoint of a server that is started for each point, whose port is not known yet.</summary>
    private const string ToBeStarted = "http://127.0.0.1/";
    private static readonly LoadOptions Defaults = new();

    private readonly Option<string?> endpoint = new("--endpoint")
    {
        Description = "Address of an OpenAI-compatible server, for example http://127.0.0.1:8000. --backend openai needs it, or --server.",
        HelpName = "URL",
    };

    private readonly Option<string?> serverFile = new("--server")
    {
        Description = "YAML file of a server that is started for the run and stopped after it, instead of --endpoint. "
            + "The file holds a preset or a command, and optionally environment and knobs.",
        HelpName = "FILE",
    };

    private readonly Option<DialectName?> dialect = new("--dialect")
    {
        Description = "The server's dialect of the OpenAI API. Default: found out from the server.",
    };

    private readonly Option<bool> chat = new("--chat") { Description = "Send chat completions. Default: completions." };

    private readonly Option<bool> http2 = new("--http2")
    {
        Description = "Speak HTTP/2, without TLS where the endpoint is http. Default: HTTP/1.1.",
    };

    private readonly Option<string?> keyVariable = new("--api-key-env")
    {
        Description = "Name of the environment variable that holds the API key. The key reaches no record, log or message. "
            + "Default: no key.",
        HelpName = "NAME",
    };

    private readonly Option<string?> keyFile = new("--api-key-file")
    {
        Description = "File whose first line is the API key. Default: no key.",
        HelpName = "FILE",
    };

    private readonly Option<int?> maxInFlight = new("--max-in-flight")
    {
        Description = $"Maximum number of requests in flight in an open loop, 1 to {MaxInFlightLimit}. "
            + "Time spent waiting for a place is recorded apart from latency. Default: no maximum.",
        HelpName = "N",
    };

    private readonly Option<double> requestTimeout = new("--request-timeout")
    {
        Description = $"Longest time from the issue of a request to its end in seconds, above 0 to {MaxRequestSeconds}.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => Defaults.RequestSeconds,
    };

    private readonly Option<LoadEnd> end = new("--at-end")
    {
        Description = "What becomes of the requests in flight when the last one has been sent. drain: the client waits for them. "
            + "cancel: the client cancels them.",
        DefaultValueFactory = _ => Defaults.End,
    };

    private readonly Option<bool> tokenTimes = new("--keep-token-times")
    {
        Description = "Keep the time of every token in the record, as tokens.csv. Default: only the histogram of gaps.",
    };

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
    /// <param name="options">The options that choose the backend and the model.</param>
    /// <param name="point">The point to run, or the first of several with the same system.</param>
    /// <exception cref="InvalidInputException">Every option that cannot be used.</exception>
    internal PointRunnerOptions Runner(ParseResult parsed, PointOptionSet options, OperatingPoint point)
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
                Progress = new TerminalProgress(output, context.Clock),
                Lifetime = context.Lifetime,
            },
        };
    }

    /// <summary>The address of the server and the way to send requests to it.</summary>
    /// <exception cref="InvalidInputException">There is no endpoint, or there are two keys.</exception>
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

    /// <summary>How the schedule is sent, and when a request is given up.</summary>
    /// <exception cref="InvalidInputException">Every value that is out of range.</exception>
    private LoadOptions Load(ParseResult parsed)
    {
        double seconds = parsed.GetValue(requestTimeout);
        int? inFlight = parsed.GetValue(maxInFlight);
        List<Problem> problems = [];
        if (seconds is not (> 0 and <= MaxRequestSeconds))
        {
            problems.Add(new Problem("--request-timeout", seconds, $"a number in (0, {MaxRequestSeconds}]"));
        }

        if (inFlight is < 1 or > MaxInFlightLimit)
        {
            problems.Add(new Problem("--max-in-flight", inFlight, $"a whole number in [1, {MaxInFlightLimit}]"));
        }

        return problems.Count > 0 ? throw new InvalidInputException(problems) : Defaults with
        {
            MaxInFlight = inFlight,
            RequestSeconds = seconds,
            FirstTokenSeconds = Math.Min(Defaults.FirstTokenSeconds, seconds),
            StallSeconds = Math.Min(Defaults.StallSeconds, seconds),
            End = parsed.GetValue(end),
            KeepsTokenTimes = parsed.GetValue(tokenTimes),
        };
    }
}
