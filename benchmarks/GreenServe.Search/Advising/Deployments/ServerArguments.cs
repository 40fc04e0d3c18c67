using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Serving.Servers;
using GreenServe.Simulation.Control;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>What one instance is started with: arguments, environment, a file of options, and what they cannot say.</summary>
/// <remarks>
/// The preset of the server says how a knob is put on the command line, here as for a server that GreenServe starts itself. Options of the
/// split of prefill and decode, which no preset has, are from the servers' own documentation: vLLM, docs/features/nixl_connector_usage.md
/// (0.12); SGLang, docs/advanced_features/pd_disaggregation.md (0.5); TensorRT-LLM, examples/disaggregated/README.md (1.2).
/// </remarks>
internal sealed record ServerArguments
{
    /// <summary>Stands in for the model in the arguments, until the writer puts in what its language has.</summary>
    internal const string Model = "{the model}";

    /// <summary>The variable of vLLM for the port at which instances find each other.</summary>
    internal const string SideChannelPort = "VLLM_NIXL_SIDE_CHANNEL_PORT";

    private const int FirstSideChannelPort = 5600;
    private const int FirstBootstrapPort = 8998;

    /// <summary>Program and arguments.</summary>
    internal required IReadOnlyList<string> Command { get; init; }

    /// <summary>Environment variables of the instance, by name.</summary>
    internal required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Options that the server takes from a YAML file alone; empty for none.</summary>
    internal required JsonObject Options { get; init; }

    /// <summary>Path that answers once the server is ready.</summary>
    internal required string ReadyPath { get; init; }

    /// <summary>Number format that the checkpoint must have, because no option makes it; <c>null</c> where any will do.</summary>
    internal required Precision? CheckpointPrecision { get; init; }

    /// <summary>What the server cannot be told, each in a sentence.</summary>
    internal required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The arguments of an instance of a setting.</summary>
    /// <param name="server">The server.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="place">The instance.</param>
    /// <param name="contextTokens">Longest context (tokens); <c>null</c> for the server's own.</param>
    /// <param name="host">The address to listen on.</param>
    internal static ServerArguments Of(
        DeployedServer server, ServingSetting setting, InstancePlace place, int? contextTokens, string host)
    {
        bool isTensorRt = server.Preset == ServerPreset.TensorRtLlm;
        ServerDefinition definition = new()
        {
            Preset = server.Preset,
            ContextTokens = contextTokens,

            // TensorRT-LLM takes it from its file of options.
            CachesPrefixes = isTensorRt ? null : setting.CachesPrefixes,
            Arguments = [.. RoleArguments(server.Preset, place)],
        };
        List<string> notes = [];
        Knobs knobs = WithoutUnsettable(server, definition, setting.Knobs, notes);
        ServerCommand command = ServerCommand.For(definition, Model, knobs, place.Port, host);
        return new ServerArguments
        {
            Command = command.Command,
            Environment = RoleEnvironment(server.Preset, place),
            Options = isTensorRt ? OptionsOf(setting, place) : [],
            ReadyPath = command.Ready.AbsolutePath,
            CheckpointPrecision = knobs.Precision == setting.Knobs.Precision ? null : setting.Knobs.Precision,
            Notes = notes,
        };
    }

    /// <summary>The knobs that the command line can say. The others become notes.</summary>
    private static Knobs WithoutUnsettable(DeployedServer server, ServerDefinition definition, Knobs knobs, List<string> notes)
    {
        Knobs settable = knobs;
        foreach (Problem problem in InvalidInputException.ProblemsOf(() =>
        {
            _ = ServerCommand.For(definition, Model, knobs, port: 1);
            return [];
        }))
        {
            string name = problem.Place["knobs.".Length..];
            notes.Add(name == KnobNames.Precision
                ? $"{server.Title} has no option that makes the weights {problem.Found}: MODEL must be a checkpoint that has them so."
                : $"{server.Title} has no option for {name} = {problem.Found}.");
            settable = name switch
            {
                KnobNames.Precision => settable with { Precision = null },
                KnobNames.TensorParallelism => settable with { TensorParallelism = null },
                KnobNames.PipelineParallelism => settable with { PipelineParallelism = null },
                KnobNames.MaxBatch => settable with { MaxBatch = null },
                _ => settable with { StepTokens = null },
            };
        }

        return settable;
    }

    private static IEnumerable<string> RoleArguments(ServerPreset preset, InstancePlace place) => (preset, place.Role) switch
    {
        (ServerPreset.LlamaCpp, _) => ["--n-gpu-layers", "999"],
        (_, ReplicaRole.Whole) => [],
        (ServerPreset.Vllm, _) => ["--kv-transfer-config", """{"kv_connector":"NixlConnector","kv_role":"kv_both"}"""],
        (ServerPreset.Sglang, ReplicaRole.Prefill) =>
            ["--disaggregation-mode", "prefill", "--disaggregation-bootstrap-port", Text(FirstBootstrapPort + place.Number)],
        (ServerPreset.Sglang, _) => ["--disaggregation-mode", "decode"],
        _ => [],
    };

    // Instances on one host need side channels on different ports.
    private static Dictionary<string, string> RoleEnvironment(ServerPreset preset, InstancePlace place) =>
        preset == ServerPreset.Vllm && place.Role != ReplicaRole.Whole
            ? new Dictionary<string, string> { [SideChannelPort] = Text(FirstSideChannelPort + place.Number) }
            : [];

    private static JsonObject OptionsOf(ServingSetting setting, InstancePlace place)
    {
        JsonObject options = [];
        if (setting.Knobs.Precision is Precision.Bf16 or Precision.Fp32)
        {
            options["dtype"] = setting.Knobs.Precision == Precision.Bf16 ? "bfloat16" : "float32";
        }

        if (setting.CachesPrefixes is { } caches)
        {
            options["kv_cache_config"] = new JsonObject { ["enable_block_reuse"] = caches };
        }

        if (place.Role == ReplicaRole.Prefill)
        {
            options["disable_overlap_scheduler"] = true;
        }

        if (place.Role != ReplicaRole.Whole)
        {
            options["cache_transceiver_config"] = new JsonObject { ["backend"] = "DEFAULT" };
        }

        return options;
    }

    /// <summary>The address of the router of the split, as a command, and what it needs, in sentences.</summary>
    internal static IEnumerable<string> RouterNotes(DeployedServer server, InstancePlaces places)
    {
        string[] Addresses(ReplicaRole role) =>
            [.. places.Places.Where(place => place.Role == role).Select(place => $"http://127.0.0.1:{Text(place.Port)}")];
        if (places.Places[0].Role == ReplicaRole.Whole)
        {
            string urls = string.Join(' ', Addresses(ReplicaRole.Whole));
            yield return server.Preset switch
            {
                ServerPreset.Sglang => "Requests go to a router, which spreads them over the instances: "
                    + $"python -m sglang_router.launch_router --worker-urls {urls}.",
                _ => $"Requests need a router that spreads them over {urls}, for example nginx with least_conn.",
            };
            yield return "The advice was simulated with a router that sends each request to the instance with the fewest tokens to go.";
            yield break;
        }

        yield return server.Preset switch
        {
            ServerPreset.Vllm => "vLLM needs the package nixl, and a proxy that sends each prompt to a prefill instance and then to a "
                + "decode instance, for example tests/v1/kv_connector/nixl_integration/toy_proxy_server.py of vLLM's repository.",
            ServerPreset.Sglang => "SGLang needs a transfer engine (Mooncake, or NIXL with --disaggregation-transfer-backend nixl) and its "
                + "router: python -m sglang_router.launch_router --pd-disaggregation "
                + string.Join(' ', places.Places.Select(Routed)) + ".",
            _ => "TensorRT-LLM needs its orchestrator: trtllm-serve disaggregated -c FILE, where FILE lists the prefill instances under "
                + "context_servers and the decode instances under generation_servers, each with num_instances and urls.",
        };
        yield return "GreenServe simulates the transfer between instances (50 GB/s and 2 ms unless a cluster file says otherwise) and has "
            + "not measured this server's.";
    }

    private static string Routed(InstancePlace place) => place.Role == ReplicaRole.Prefill
        ? $"--prefill http://127.0.0.1:{Text(place.Port)} {Text(FirstBootstrapPort + place.Number)}"
        : $"--decode http://127.0.0.1:{Text(place.Port)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
