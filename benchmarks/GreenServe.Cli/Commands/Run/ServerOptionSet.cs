using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Http;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Machine;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that say how to reach a real server, how to load it and what to meter meanwhile.</summary>
/// <param name="context">What the process gives to the command.</param>
/// <param name="backends">The options that choose the server.</param>
/// <param name="baselineSeconds">Default length of a baseline measurement (s).</param>
internal sealed class ServerOptionSet(
    CommandContext context, BackendOptionSet backends, double baselineSeconds = MeasurementOptionSet.UsualBaselineSeconds)
{
    /// <summary>The upper limit of <see cref="LoadOptions.RequestSeconds"/>, in seconds.</summary>
    private const double MaxRequestSeconds = 86_400;

    /// <summary>The upper limit of <see cref="OpenAiOptions.ReadySeconds"/>, in seconds.</summary>
    private const double MaxReadySeconds = 86_400;

    /// <summary>The upper limit of <see cref="LoadOptions.MaxInFlight"/>, in requests.</summary>
    private const int MaxInFlightLimit = 1_000_000;

    /// <summary>Stands in for the endpoint of a server that is started for each point, whose port is not known yet.</summary>
    private const string ToBeStarted = "http://127.0.0.1/";

    /// <summary>Stands in for an endpoint that is no address, so that the other options are checked too.</summary>
    private const string Unreadable = "https://127.0.0.1/";
    private static readonly LoadOptions Defaults = new();

    private readonly Option<DialectName?> dialect = new("--dialect")
    {
        Description = "The server's dialect of the OpenAI API. Default: found out from the server.",
    };

    private readonly Option<bool> chat = new("--chat") { Description = "Send chat completions. Default: completions." };

    private readonly Option<bool> countEvents = new("--count-events")
    {
        Description = "Measure a server that counts no tokens: events with text are counted in their place, and there is no energy per "
            + "token. Default: responses without a count are of a wrong length.",
    };

    private readonly Option<bool> textPrompts = new("--text-prompts")
    {
        Description = "Send prompts as text to a server that also takes token ids. Their lengths are then learnt and less exact. "
            + "Default: token ids where the server takes them.",
    };

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

    private readonly Option<EndpointBalance> balance = new("--balance")
    {
        Description = "How requests are spread over several endpoints. round-robin: in turn. least-in-flight: to the one with the fewest "
            + "requests in flight.",
        DefaultValueFactory = _ => EndpointBalance.RoundRobin,
    };

    private readonly Option<double> readyTimeout = new("--ready-timeout")
    {
        Description = $"Longest wait until the server is ready in seconds, 0 to {MaxReadySeconds}. Refused connections and the status 503 "
            + "of a server that loads its model are waited for; a wrong model, a wrong key and a bad certificate are not. 0: no wait.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
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

    private readonly RequestOptionSet requests = new();
    private readonly MeasurementOptionSet measure = new(baselineSeconds);

    internal void AddTo(Command command)
    {
        OptionUses uses = backends.Uses;
        requestTimeout.Require(value => value is > 0 and <= MaxRequestSeconds, $"a number in (0, {MaxRequestSeconds}]");
        readyTimeout.Require(value => value is >= 0 and <= MaxReadySeconds, $"a number in [0, {MaxReadySeconds}]");
        maxInFlight.Require(value => value is >= 1 and <= MaxInFlightLimit, $"a whole number in [1, {MaxInFlightLimit}]");
        uses.Add(command, ServerKinds.Foreign, dialect, chat, textPrompts, countEvents, http2, keyVariable, keyFile);
        requests.AddTo(command, uses);
        uses.Add(command, ServerKinds.RunningServer, readyTimeout, balance);
        uses.Add(command, ServerKinds.Measured, maxInFlight, requestTimeout, end, tokenTimes);
        measure.AddTo(command, uses);
    }

    /// <summary>The runner of points on the server that the options choose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="chosen">The kind of server that serves.</param>
    /// <param name="points">The points to run, as far as they are known; at least one.</param>
    /// <param name="model">The model as the user named it; <c>null</c> for the one that the server serves.</param>
    /// <exception cref="InvalidInputException">Every option that cannot be used.</exception>
    internal PointRunnerOptions Runner(ParseResult parsed, ServerKinds chosen, IReadOnlyList<OperatingPoint> points, string? model)
    {
        BackendKind backend = BackendOptionSet.BackendOf(chosen);
        if (backend == BackendKind.Simulated)
        {
            return new PointRunnerOptions { Backend = backend, Points = points };
        }

        RequireOpenLoop(parsed, points);
        return new PointRunnerOptions
        {
            Backend = backend,
            Points = points,
            Connection = backend == BackendKind.OpenAI ? Connection(parsed, points[0].Seed, model) : null,
            Server = backends.ServerFile(parsed) is { } file ? DocumentTree.Read(file).Bind<ServerDefinition>() : null,
            EngineOutput = parsed.InvocationConfiguration.Output,
            Measurement = new MeasurementContext
            {
                Policy = measure.Read(parsed),
                Load = Load(parsed),
                Lifetime = context.Lifetime,
                HostProbe = measure.ProbesHost(parsed) ? context.HostProbe : null,
            },
        };
    }

    /// <summary>A maximum of requests in flight has no effect on a closed loop, whose users are its maximum.</summary>
    private void RequireOpenLoop(ParseResult parsed, IReadOnlyList<OperatingPoint> points)
    {
        if (parsed.IsGiven(maxInFlight) && points.FirstOrDefault(point => point.Workload.Arrival is ClosedLoopArrival) is { } closed)
        {
            throw new InvalidInputException(new Problem(
                maxInFlight.Name, $"it with the closed loop of {closed.Id}", "an open loop: the users of a closed loop are its maximum"));
        }
    }

    /// <summary>The address of the server and the way to send requests to it.</summary>
    /// <exception cref="InvalidInputException">Every option that cannot be used.</exception>
    private OpenAiOptions Connection(ParseResult parsed, ulong seed, string? model)
    {
        List<Problem> problems = [];
        Uri[] endpoints = Endpoints(parsed, problems);
        OpenAiOptions options = new()
        {
            Endpoint = endpoints.FirstOrDefault() ?? new Uri(backends.Endpoint(parsed) is null ? ToBeStarted : Unreadable),
            FurtherEndpoints = [.. endpoints.Skip(1)],
            Balance = parsed.GetValue(balance),
            Model = model,
            Dialect = parsed.GetValue(dialect),
            IsChat = parsed.GetValue(chat),
            SendsText = parsed.GetValue(textPrompts),
            CountsEvents = parsed.GetValue(countEvents),
            UsesHttp2 = parsed.GetValue(http2),
            ReadySeconds = backends.Endpoint(parsed) is null ? 0 : parsed.GetValue(readyTimeout),
            Seed = seed,
        };
        problems.AddRange(InvalidInputException.ProblemsOf(() => options = options with { ApiKey = ApiKey(parsed) }));
        problems.AddRange(InvalidInputException.ProblemsOf(() => options = requests.Apply(parsed, options)));
        return problems.Count > 0 ? throw new InvalidInputException(problems) : options;
    }

    /// <summary>The addresses of the running servers; empty for a server that is started.</summary>
    private Uri[] Endpoints(ParseResult parsed, List<Problem> problems)
    {
        IReadOnlyList<string> given = backends.Endpoints(parsed);
        (string Text, Uri? Root)[] read = [.. given.Select(text => (text, HttpAddress.Parse(text)))];
        problems.AddRange(read.Where(item => item.Root is null).Select(item => new Problem(
            backends.EndpointName, item.Text, $"{HttpAddress.Allowed}; a key goes into --api-key-env or --api-key-file")));
        Uri[] roots = [.. read.Select(item => item.Root).OfType<Uri>()];
        problems.AddRange(roots.CountBy(root => root).Where(count => count.Value > 1).Select(count => new Problem(
            backends.EndpointName, $"{HttpAddress.Shown(count.Key)} twice", "each endpoint once")));
        problems.AddRange(SharedSockets([.. roots.Distinct()]));
        if (given.Count < 2 && parsed.IsGiven(balance))
        {
            problems.Add(new Problem(balance.Name, "it with one endpoint", "further ones, each with --endpoint"));
        }

        return roots;
    }

    /// <summary>Endpoints that are one server under several names. Its energy and its answers would count once for each name.</summary>
    private IEnumerable<Problem> SharedSockets(Uri[] roots)
    {
        if (roots.Length < 2)
        {
            yield break;
        }

        Dictionary<string, Uri> owners = [];
        foreach (Uri root in roots)
        {
            IReadOnlySet<string> sockets = HostSockets.Of(root);
            if (sockets.FirstOrDefault(owners.ContainsKey) is { } shared)
            {
                yield return new Problem(
                    backends.EndpointName,
                    $"{HttpAddress.Shown(root)} beside {HttpAddress.Shown(owners[shared])}, which leads to the same server ({shared})",
                    "each server once");
            }

            foreach (string socket in sockets)
            {
                owners.TryAdd(socket, root);
            }
        }
    }

    private Secret? ApiKey(ParseResult parsed) => (parsed.GetValue(keyVariable), parsed.GetValue(keyFile)) switch
    {
        (not null, not null) => throw new InvalidInputException(new Problem(keyFile.Name, $"also {keyVariable.Name}", "one of the two")),
        ({ } variable, _) => Secret.FromEnvironment(keyVariable.Name, variable),
        (_, { } file) => Secret.FromFile(keyFile.Name, file),
        _ => null,
    };

    /// <summary>How the schedule is sent, and when a request is given up.</summary>
    private LoadOptions Load(ParseResult parsed)
    {
        double seconds = parsed.GetValue(requestTimeout);
        return Defaults with
        {
            MaxInFlight = parsed.GetValue(maxInFlight),
            RequestSeconds = seconds,
            FirstTokenSeconds = Math.Min(Defaults.FirstTokenSeconds, seconds),
            StallSeconds = Math.Min(Defaults.StallSeconds, seconds),
            End = parsed.GetValue(end),
            KeepsTokenTimes = parsed.GetValue(tokenTimes),
        };
    }
}
