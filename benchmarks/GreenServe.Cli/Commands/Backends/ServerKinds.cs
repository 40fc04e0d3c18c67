namespace GreenServe.Cli.Commands.Backends;

/// <summary>The kinds of server that can serve the requests of a command. An option states which of them use it.</summary>
[Flags]
internal enum ServerKinds
{
    /// <summary>No server.</summary>
    None = 0,

    /// <summary>One simulated engine.</summary>
    SimulatedEngine = 1,

    /// <summary>A simulated cluster, which a file describes.</summary>
    SimulatedCluster = 2,

    /// <summary>The built-in engine, which computes on this machine.</summary>
    BuiltInEngine = 4,

    /// <summary>A server that is running already.</summary>
    RunningServer = 8,

    /// <summary>A server that the command starts and stops.</summary>
    StartedServer = 16,

    /// <summary>Everything that is simulated in virtual time.</summary>
    Simulated = SimulatedEngine | SimulatedCluster,

    /// <summary>Every OpenAI-compatible server that is not part of the suite.</summary>
    Foreign = RunningServer | StartedServer,

    /// <summary>Everything that is measured.</summary>
    Measured = BuiltInEngine | Foreign,
}

/// <summary>The words for the kinds of server in messages.</summary>
internal static class ServerKindText
{
    private static readonly (ServerKinds Kind, string Name, string Choice)[] All =
    [
        (ServerKinds.SimulatedEngine, "the simulated engine", "--backend simulated"),
        (ServerKinds.SimulatedCluster, "a simulated cluster", "--cluster FILE"),
        (ServerKinds.BuiltInEngine, "the built-in engine", "--backend engine"),
        (ServerKinds.RunningServer, "a server that is running already", "--endpoint URL"),
        (ServerKinds.StartedServer, "a server that is started for the run", "--server FILE"),
    ];

    /// <summary>The name of one kind.</summary>
    internal static string NameOf(ServerKinds kind) => All.Single(item => item.Kind == kind).Name;

    /// <summary>The options that choose one of several kinds, for example <c>--endpoint URL or --server FILE</c>.</summary>
    internal static string ChoicesOf(ServerKinds kinds) =>
        string.Join(" or ", All.Where(item => kinds.HasFlag(item.Kind)).Select(item => item.Choice));
}
