using System.CommandLine;
using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Backends;

/// <summary>
/// The options that choose what serves. The server follows from what is given: an address, a file of a server or a file of a cluster.
/// Every other option of the command is registered here with the kinds of server that use it.
/// </summary>
internal sealed class BackendOptionSet
{
    private readonly Option<BackendKind?> backend = new("--backend")
    {
        Description = "What serves: the simulated engine, the built-in engine, or an OpenAI-compatible server (--endpoint or --server). "
            + "Default: what --endpoint, --server or another option names, then what an experiment names, then the simulated engine.",
    };

    private readonly Option<string[]> endpoint = new("--endpoint")
    {
        Description = "Address of an OpenAI-compatible server that is running, for example http://127.0.0.1:8000. "
            + "A query, for example ?api-version=1, is sent with every path and hidden in messages. "
            + "May be repeated for several servers with the same model: see --balance. Default: none.",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> serverFile = new("--server")
    {
        Description = "YAML file of a server that is started for the run and stopped after it, instead of --endpoint. "
            + "The file holds a preset or a command, and optionally environment and knobs. "
            + "It is code: its command is run as you. Give no file that you have not read. Default: none.",
        HelpName = "FILE",
    };

    private readonly Option<string?> cluster = new("--cluster")
    {
        Description = "File of a cluster (*.cluster.yaml, see docs/simulator.md) that serves instead of one instance. "
            + "Hardware, engine and knobs are then the file's. Default: one instance.",
        HelpName = "FILE",
    };

    private readonly Option<string?> policy = new("--policy")
    {
        Description = "Control policy of the cluster, which turns its knobs while traffic changes: "
            + $"{string.Join(", ", PolicyCatalog.Names)}, or a file (*.policy.yaml). Default: none, or the one that an experiment names.",
        HelpName = "NAME",
    };

    private readonly bool offersCluster;
    private Argument<string>? runningServer;
    private Option<string?>? verified;

    private BackendOptionSet(bool offersCluster) => this.offersCluster = offersCluster;

    /// <summary>The kinds of server that use each option of the command.</summary>
    internal OptionUses Uses { get; } = new();

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="offersCluster">Whether a simulated cluster may serve.</param>
    internal static BackendOptionSet AddedTo(Command command, bool offersCluster = false)
    {
        BackendOptionSet set = new(offersCluster);
        command.Add(set.backend);
        set.Uses.Add(command, ServerKinds.RunningServer, set.endpoint);
        set.Uses.Add(command, ServerKinds.StartedServer, set.serverFile);
        if (offersCluster)
        {
            set.Uses.Add(command, ServerKinds.SimulatedCluster, set.cluster, set.policy);
        }

        return set;
    }

    /// <summary>Adds the address of a running server to a command that measures nothing else.</summary>
    /// <param name="command">The command.</param>
    internal static BackendOptionSet OfRunningServer(Command command)
    {
        BackendOptionSet set = new(offersCluster: false)
        {
            runningServer = new Argument<string>("ENDPOINT")
            {
                Description = "Address of an OpenAI-compatible server that is running, for example http://127.0.0.1:8000. "
                    + "A query, for example ?api-version=1, is sent with every path and hidden in messages.",
            },
        };
        command.Add(set.runningServer);
        set.endpoint.Description = "Address of a further server with the same model. May be repeated: see --balance. Default: none.";
        set.Uses.Add(command, ServerKinds.RunningServer, set.endpoint);
        return set;
    }

    /// <summary>Adds the option for a server that verifies what was simulated.</summary>
    /// <param name="command">The command.</param>
    internal static BackendOptionSet OfVerification(Command command)
    {
        BackendOptionSet set = new(offersCluster: false)
        {
            verified = new Option<string?>("--verify")
            {
                Description = "Server that measures the finalists afterwards: the address of one that is running, or the YAML file of one "
                    + "that is started for each finalist with its knobs. Default: nothing is measured.",
                HelpName = "URL|FILE",
            },
        };
        command.Add(set.verified);
        return set;
    }

    /// <summary>The kind of server that verifies; <see cref="ServerKinds.None"/> where none does.</summary>
    /// <exception cref="InvalidInputException">An option needs a server that was not named.</exception>
    internal ServerKinds ChooseVerification(ParseResult parsed)
    {
        ServerKinds chosen = Endpoint(parsed) is not null ? ServerKinds.RunningServer
            : ServerFile(parsed) is not null ? ServerKinds.StartedServer
            : ServerKinds.None;
        Problem[] problems = chosen == ServerKinds.None
            ? [.. Uses.Given(parsed).Select(option => new Problem(option.Name, $"it without {EndpointName}", $"{EndpointName} with it"))]
            : [.. Uses.Unused(parsed, chosen)];
        return problems.Length == 0 ? chosen : throw new InvalidInputException(problems);
    }

    /// <summary>The address of the running server; <c>null</c> if the user gave none.</summary>
    internal string? Endpoint(ParseResult parsed) => Endpoints(parsed) is [string first, ..] ? first : null;

    /// <summary>The addresses of the running servers; empty if the user gave none.</summary>
    internal IReadOnlyList<string> Endpoints(ParseResult parsed) => (runningServer, verified) switch
    {
        ({ } argument, _) => [parsed.GetRequiredValue(argument), .. parsed.GetRequiredValue(endpoint)],
        (_, { } option) => parsed.GetValue(option) is { } server && IsAddress(server) ? [server] : [],
        _ => parsed.GetRequiredValue(endpoint),
    };

    /// <summary>What the address of the running server is called on the command line.</summary>
    internal string EndpointName => runningServer?.Name ?? verified?.Name ?? endpoint.Name;

    /// <summary>The address of the running server as it may be shown, without a query or a password.</summary>
    internal string ShownEndpoint(ParseResult parsed) =>
        Endpoint(parsed) is { } address && HttpAddress.Parse(address) is { } root ? HttpAddress.Shown(root) : "";

    /// <summary>The file of a server to start; <c>null</c> if the user gave none.</summary>
    internal string? ServerFile(ParseResult parsed) => (runningServer, verified) switch
    {
        ({ }, _) => null,
        (_, { } option) => parsed.GetValue(option) is { } server && !IsAddress(server) ? server : null,
        _ => parsed.GetValue(serverFile),
    };

    /// <summary>A system with the cluster and the policy that the user gave in place of its own. Its changes to them stay.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="system">The system before.</param>
    internal ServingSystem Served(ParseResult parsed, ServingSystem system)
    {
        string? controller = offersCluster ? parsed.GetValue(policy) : null;
        ServingSystem served = offersCluster && parsed.GetValue(cluster) is { } file
            ? new ServingSystem
            {
                Cluster = file,
                Policy = system.Policy,
                ClusterChanges = system.ClusterChanges,
                PolicyChanges = system.PolicyChanges,
            }
            : system;
        return controller is null ? served : served with { Policy = controller };
    }

    /// <summary>One problem for each option of the user's whose value an axis of an experiment varies.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="experiment">The experiment.</param>
    internal IEnumerable<Problem> GivenTwice(ParseResult parsed, Experiment experiment) =>
        from given in new (Option Option, string Path)[] { (cluster, "system.cluster"), (policy, "system.policy") }
        from axis in experiment.Grid
        where axis.Paths.Contains(given.Path) && parsed.IsGiven(given.Option)
        select experiment.ProblemOfAxis(axis, given.Path, $"an axis without it, or the command without {given.Option.Name}");

    /// <summary>The kind of server that the command line chooses. Every option that was given is one that it uses.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="standard">What serves if the command line does not say.</param>
    /// <param name="namesServer">Whether the user's file names a server that can be started.</param>
    /// <param name="namesCluster">Whether the user's file names a simulated cluster.</param>
    /// <exception cref="InvalidInputException">
    /// The options contradict each other, name no server, or include options that the server does not use. All of them are named.
    /// </exception>
    internal ServerKinds Choose(
        ParseResult parsed, BackendKind standard = BackendKind.Simulated, bool namesServer = false, bool namesCluster = false)
    {
        (Option Option, ServerKinds Kind)[] named = [.. Hints().Where(hint => parsed.IsGiven(hint.Option))];
        if (named.Length > 1)
        {
            string[] names = [.. named.Select(hint => hint.Option.Name)];
            throw new InvalidInputException(new Problem(names[1], $"also {names[0]}", $"one of {string.Join(" and ", names)}"));
        }

        ServerKinds hinted = named.Select(hint => hint.Kind).SingleOrDefault();
        BackendKind kind = parsed.GetValue(backend) ?? (hinted == ServerKinds.None ? standard : BackendOf(hinted));
        ServerKinds chosen = kind switch
        {
            BackendKind.Engine => ServerKinds.BuiltInEngine,
            BackendKind.Simulated => namesCluster || hinted == ServerKinds.SimulatedCluster
                ? ServerKinds.SimulatedCluster
                : ServerKinds.SimulatedEngine,
            _ when hinted is ServerKinds.RunningServer or ServerKinds.StartedServer => hinted,
            _ when namesServer => ServerKinds.StartedServer,
            _ => throw new InvalidInputException(new Problem(
                "--endpoint", null, "the address of a running server, or --server FILE: --backend openai needs one of them")),
        };
        Problem[] problems = [.. Uses.Unused(parsed, chosen)];
        return problems.Length == 0 ? chosen : throw new InvalidInputException(problems);
    }

    /// <summary>The backend of a kind of server.</summary>
    internal static BackendKind BackendOf(ServerKinds kind) => kind switch
    {
        ServerKinds.SimulatedEngine or ServerKinds.SimulatedCluster => BackendKind.Simulated,
        ServerKinds.BuiltInEngine => BackendKind.Engine,
        _ => BackendKind.OpenAI,
    };

    private static bool IsAddress(string server) => server.Contains("://", StringComparison.Ordinal);

    private IEnumerable<(Option Option, ServerKinds Kind)> Hints()
    {
        yield return (endpoint, ServerKinds.RunningServer);
        yield return (serverFile, ServerKinds.StartedServer);
        if (offersCluster)
        {
            yield return (cluster, ServerKinds.SimulatedCluster);
        }
    }
}
