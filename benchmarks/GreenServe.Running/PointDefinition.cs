using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Makes the document that holds everything which defines the run of a point besides its workload.</summary>
/// <remarks>
/// Two runs with the same workload and the same document were asked for the same thing. Whatever a file or a command holds is in it
/// as a SHA-256, so that neither a secret nor a folder of this machine gets into a record.
/// </remarks>
internal static class PointDefinition
{
    /// <summary>The document of a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="options">What runs it.</param>
    /// <param name="inputs">What the points of its sweep share.</param>
    internal static JsonObject Of(OperatingPoint point, PointRunnerOptions options, PointInputs inputs) => new()
    {
        ["seed"] = point.Seed,
        ["backend"] = EnumText.Of(options.Backend),
        ["knobs"] = DocumentContract.ToNode(point.Knobs),
        ["system"] = DocumentContract.ToNode(WithoutFolders(point.System)),
        ["files"] = Files(point, options, inputs),
        ["server"] = options.Backend == BackendKind.OpenAI ? Server(options) : null,
        ["measurement"] = options.Backend == BackendKind.Simulated ? null : Measurement(options),

        // Another version of the simulator gives other numbers. A measured server does not change with the version of its client.
        ["simulator_version"] = options.Backend == BackendKind.Simulated ? RunEnvironment.Version : null,
    };

    private static ServingSystem WithoutFolders(ServingSystem system) =>
        system with { Cluster = Path.GetFileName(system.Cluster), Policy = Path.GetFileName(system.Policy) };

    /// <summary>What the names in the point stand for. A file can change while its name stays the same.</summary>
    private static JsonObject Files(OperatingPoint point, PointRunnerOptions options, PointInputs inputs)
    {
        JsonObject files = [];
        if (point.Workload.Trace is { } trace)
        {
            files["trace_sha256"] = inputs.TraceHashOf(point, trace);
        }

        if (point.Workload.Dataset?.File is { } dataset)
        {
            files["dataset_sha256"] = inputs.DatasetHashOf(point, dataset);
        }

        if (point.Workload.Dataset?.Tokenizer is { } tokenizer)
        {
            files["tokenizer_sha256"] = inputs.DatasetHashOf(point, tokenizer);
        }

        if (options.Backend == BackendKind.OpenAI)
        {
            return files;
        }

        files["model_sha256"] = inputs.HashOf(inputs.ModelOf(point));
        if (point.System.Cluster is { } cluster)
        {
            files["cluster_sha256"] = inputs.ClusterHashOf(cluster);
            if (inputs.ClusterInputsHashOf(point) is { } named)
            {
                files["cluster_inputs_sha256"] = named;
            }

            if (inputs.PolicyOf(point) is { } policy)
            {
                files["policy_sha256"] = inputs.HashOf(policy);
            }
        }
        else if (options.Backend == BackendKind.Simulated)
        {
            SimulatedSystem system = inputs.SystemOf(point);
            files["gpu_sha256"] = inputs.HashOf(system.Gpu);
            files["engine_sha256"] = inputs.HashOf(system.Engine);
        }

        return files;
    }

    private static JsonObject Server(PointRunnerOptions options)
    {
        OpenAiOptions? connection = options.Connection;
        ServerDefinition? started = options.Server;
        JsonObject server = new()
        {
            ["started_sha256"] = started is null ? null : Sha256(DocumentContract.Canonical(started)),
            ["endpoint_sha256"] = started is null && connection is not null ? Sha256(connection.Endpoint.AbsoluteUri) : null,
            ["model"] = connection?.Model,
            ["dialect"] = connection?.Dialect is { } dialect ? EnumText.Of(dialect) : null,
            ["is_chat"] = connection?.IsChat ?? false,
            ["sends_text"] = connection?.SendsText ?? false,
            ["uses_http2"] = connection?.UsesHttp2 ?? false,
        };

        // Definitions of runs that count tokens stay what they were.
        if (connection is { CountsEvents: true })
        {
            server["counts_events"] = true;
        }

        // What is not asked for is left out, so that records of earlier versions can be compared.
        if (connection?.RequestsIdentity is { } requests)
        {
            server["requests_sha256"] = Sha256(requests);
        }

        return server;
    }

    private static JsonObject Measurement(PointRunnerOptions options) => new()
    {
        ["load"] = DocumentContract.ToNode(options.Measurement.Load),
        ["baselines"] = EnumText.Of(options.Measurement.Policy.Baselines),
        ["baseline"] = DocumentContract.ToNode(options.Measurement.Policy.Store.Options),
        ["meters_sha256"] = options.Measurement.Policy.MetersAsked is { Count: > 0 } asked ? Sha256(string.Join('\n', asked)) : null,
    };

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
