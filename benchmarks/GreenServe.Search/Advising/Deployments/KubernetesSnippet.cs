using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Control;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>Writes a Kubernetes fragment: a Deployment for each kind of instance, and a Service in front of whole instances.</summary>
internal static class KubernetesSnippet
{
    private const int Port = 8000;

    /// <summary>Time that a server has to load its weights: a try each 10 s, as long as GreenServe waits for a server.</summary>
    private const int StartTries = 90;

    /// <summary>The fragment.</summary>
    /// <param name="server">The server.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="model">Its model.</param>
    /// <param name="contextTokens">Longest context (tokens); <c>null</c> for the server's own.</param>
    internal static DeploymentSnippet Of(DeployedServer server, ServingSetting setting, DeployedModel model, int? contextTokens)
    {
        bool isSplit = setting.PrefillReplicas > 0;
        List<JsonObject> documents = [];
        List<string> notes = [];
        DeployedModel served = model;
        foreach (ReplicaRole role in isSplit ? [ReplicaRole.Prefill, ReplicaRole.Decode] : new[] { ReplicaRole.Whole })
        {
            InstancePlace place = new(0, role, 0, setting.GpusOfInstance);
            ServerArguments arguments = ServerArguments.Of(server, setting, place, contextTokens, "0.0.0.0");
            string name = NameOf(model, role);
            int replicas = role == ReplicaRole.Prefill ? setting.PrefillReplicas : setting.Replicas;
            served = arguments.CheckpointPrecision is { } precision ? model.In(precision) : model;
            documents.Add(Deployment(name, replicas, Container(server, setting, served, arguments)));
            documents.Add(Service(name));
            notes.AddRange(arguments.Notes);
            if (arguments.Options.Count > 0)
            {
                notes.Add($"The options {arguments.Options.ToJsonString()} of {name} go into a file that is mounted and given with "
                    + "--extra_llm_api_options.");
            }
        }

        notes.Add($"Replace the tag latest by the version that you run. The advice was simulated for {setting.Engine}.");
        notes.Add(served.Note.Replace("set MODEL", "set the variable MODEL", StringComparison.Ordinal));
        notes.Add("Kubernetes sets no clock and no power cap. Set them on the node, at its boot or in a privileged DaemonSet that runs the "
            + "lines of nvidia-smi, and pin these pods to such nodes with a nodeSelector.");
        notes.Add(isSplit
            ? "The split of prefill and decode needs the router of the server's snippet in front of the two Services."
            : "A Service spreads connections over the replicas and not requests. A client that keeps connections open needs a router.");
        if (setting.GpusOfInstance > InstancePlaces.HostGpus)
        {
            notes.Add("No node has so many GPUs: an instance that spans nodes needs more than a Deployment, for example LeaderWorkerSet.");
        }

        return new DeploymentSnippet(
            "Kubernetes",
            "yaml",
            string.Join("---\n", documents.Select(document => YamlText.Of(document, []))),
            null,
            [.. notes.Distinct(StringComparer.Ordinal)]);
    }

    private static JsonObject Deployment(string name, int replicas, JsonObject container) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray(container),

                    // GPUs of one instance exchange data through shared memory, of which a container has 64 MB by default.
                    ["volumes"] = new JsonArray(
                        new JsonObject { ["name"] = "shared-memory", ["emptyDir"] = new JsonObject { ["medium"] = "Memory" } }),
                },
            },
        },
    };

    private static JsonObject Container(DeployedServer server, ServingSetting setting, DeployedModel model, ServerArguments arguments)
    {
        JsonArray environment = [Variable("MODEL", model.Repository ?? $"/models/{model.Name.Replace(' ', '-')}")];
        foreach ((string name, string value) in arguments.Environment)
        {
            environment.Add((JsonNode)Variable(name, value));
        }

        if (arguments.Environment.ContainsKey(ServerArguments.SideChannelPort))
        {
            // Instances in other pods must find the side channel, which is on the loopback interface by default.
            environment.Add((JsonNode)new JsonObject
            {
                ["name"] = "VLLM_NIXL_SIDE_CHANNEL_HOST",
                ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "status.podIP" } },
            });
        }

        return new JsonObject
        {
            ["name"] = "server",
            ["image"] = $"{server.Image}:latest",
            ["env"] = environment,
            ["command"] = new JsonArray(Literal(arguments.Command[0])),
            ["args"] = new JsonArray([.. arguments.Command.Skip(1).Select(
                word => (JsonNode)(word == ServerArguments.Model ? "$(MODEL)" : Literal(word)))]),
            ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = Port }),
            ["startupProbe"] = Probe(arguments.ReadyPath, StartTries),
            ["readinessProbe"] = Probe(arguments.ReadyPath, 3),
            ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["nvidia.com/gpu"] = setting.GpusOfInstance } },
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "shared-memory", ["mountPath"] = "/dev/shm" }),
        };
    }

    private static JsonObject Service(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["app"] = name },
            ["ports"] = new JsonArray(new JsonObject { ["port"] = Port }),
        },
    };

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = Literal(value) };

    /// <summary>A text in which Kubernetes replaces no variable.</summary>
    private static string Literal(string text) => text.Replace("$(", "$$(", StringComparison.Ordinal);

    private static JsonObject Probe(string path, int tries) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = Port },
        ["periodSeconds"] = 10,
        ["failureThreshold"] = tries,
    };

    /// <summary>A name that Kubernetes takes: lower-case letters, digits and dashes, a letter first.</summary>
    private static string NameOf(DeployedModel model, ReplicaRole role)
    {
        const int MaxLetters = 40;
        StringBuilder name = new("serve-");
        foreach (char letter in model.Name.ToLowerInvariant().Take(MaxLetters))
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        }

        string trimmed = name.ToString().TrimEnd('-');
        return role == ReplicaRole.Whole ? trimmed : string.Create(CultureInfo.InvariantCulture, $"{trimmed}-{EnumText.Of(role)}");
    }
}
