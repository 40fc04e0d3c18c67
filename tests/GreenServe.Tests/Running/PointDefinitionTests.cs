using System.Text.Json.Nodes;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class PointDefinitionTests
{
    private static readonly OperatingPoint Point = OperatingPoint.Of(
        WorkloadCatalog.Read("fixed-512-128"), new ServingSystem { Gpu = "H100-80GB-SXM", Engine = "vllm-0.11" });

    /// <summary>What says how to reach the server, and not what is asked of it; or what the command line cannot set.</summary>
    private static readonly string[] NoPartOfIt =
    [
        nameof(OpenAiOptions.ApiKey), nameof(OpenAiOptions.Seed), nameof(OpenAiOptions.Time), nameof(OpenAiOptions.Readers),
        nameof(OpenAiOptions.ConnectSeconds), nameof(OpenAiOptions.Salt), nameof(OpenAiOptions.LowestTokenId),
        nameof(OpenAiOptions.EndTokenId), nameof(OpenAiOptions.FixesOutput), nameof(OpenAiOptions.ReadySeconds),
    ];

    /// <summary>What changes the requests. It is in the document as one hash, and only where something is changed.</summary>
    private static readonly string[] Hashed =
    [
        nameof(OpenAiOptions.Headers), nameof(OpenAiOptions.Members), nameof(OpenAiOptions.Sampling), nameof(OpenAiOptions.Adapters),
        nameof(OpenAiOptions.Tls), nameof(OpenAiOptions.RequestsIdentity), nameof(OpenAiOptions.FurtherEndpoints),
        nameof(OpenAiOptions.Balance),
    ];

    [Fact]
    public void Of_KnowsEveryWayToAskAServer()
    {
        int asked = typeof(OpenAiOptions).GetProperties()
            .Count(property => !NoPartOfIt.Contains(property.Name) && !Hashed.Contains(property.Name));
        JsonObject server = Server(new OpenAiOptions { Endpoint = new Uri("http://127.0.0.1:1"), Seed = 1, CountsEvents = true }, null);

        // One member for each property, and one for a server that is started. A new property must be added to one of the two lists.
        Assert.Equal(asked + 1, server.Count);
    }

    [Fact]
    public void Of_TellsApart_WhatChangesTheRequests_AndHoldsNoneOfIt()
    {
        OpenAiOptions plain = new() { Endpoint = new Uri("http://127.0.0.1:1") };
        OpenAiOptions[] changed =
        [
            plain with { Headers = SecretHeader.Parse("--header", ["X-Tenant: S3CRET"]) },
            plain with { Headers = SecretHeader.Parse("--header", ["X-Other: S3CRET"]) },
            plain with { Members = BodyMembers.Read("--body", null, "--omit", ["logprobs"]) },
            plain with { Sampling = new SamplingOptions { Temperature = 0.5 } },
            plain with { Sampling = new SamplingOptions { Seed = 5 } },
            plain with { Adapters = new AdapterMix(["a", "b"], 1) },
            plain with { Adapters = new AdapterMix(["a", "b"], 2) },
            plain with { FurtherEndpoints = [new Uri("http://127.0.0.1:2/?key=S3CRET")] },
            plain with { FurtherEndpoints = [new Uri("http://127.0.0.1:2/?key=S3CRET")], Balance = EndpointBalance.LeastInFlight },
        ];

        string?[] hashes = [.. changed.Select(options => (string?)Server(options, null)["requests_sha256"])];

        Assert.False(Server(plain, null).ContainsKey("requests_sha256"));
        Assert.Equal(changed.Length, hashes.OfType<string>().Distinct().Count());
        Assert.All(
            changed, options => Assert.DoesNotContain("S3CRET", Server(options, null).ToJsonString(), StringComparison.Ordinal));

        // A key may change between two runs of the same point.
        OpenAiOptions otherKey = plain with { Headers = SecretHeader.Parse("--header", ["X-Tenant: other"]) };
        Assert.Equal(hashes[0], (string?)Server(otherKey, null)["requests_sha256"]);
    }

    [Fact]
    public void Of_HoldsNoSecret_OfAServerThatIsStarted()
    {
        ServerDefinition definition = new()
        {
            Command = ["serve", "--api-key", "sk-secret"],
            Environment = new Dictionary<string, string> { ["TOKEN"] = "sk-secret" },
        };

        JsonObject first = Server(null, definition);
        JsonObject second = Server(null, definition with { Environment = new Dictionary<string, string>() });

        Assert.DoesNotContain("sk-secret", first.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public void Of_HoldsAHashOfTheFilesThatAClusterNames()
    {
        using TemporaryFolder folder = new();
        string grid = folder.Write("west.csv", "seconds,cap_share\n0,1\n");
        string named = folder.Write(
            "named.cluster.yaml", "replicas: [{ gpu: H200, engine: vllm-0.11, site: west }]\nsites: { west: { grid: west.csv } }\n");
        string plain = folder.Write("plain.cluster.yaml", "replicas: [{ gpu: H200, engine: vllm-0.11 }]\n");

        string before = FilesOf(named).ToJsonString();
        string again = FilesOf(named).ToJsonString();
        File.WriteAllText(grid, "seconds,cap_share\n0,0.5\n");
        string after = FilesOf(named).ToJsonString();

        Assert.Equal(before, again);
        Assert.NotEqual(before, after);
        Assert.DoesNotContain("west.csv", before, StringComparison.Ordinal);
        Assert.False(FilesOf(plain).ContainsKey("cluster_inputs_sha256"));
    }

    private static JsonObject FilesOf(string cluster)
    {
        OperatingPoint point = Point with { System = Point.System with { Cluster = cluster } };
        PointRunnerOptions options = new() { Backend = BackendKind.Simulated };
        return PointDefinition.Of(point, options, new PointInputs())["files"]!.AsObject();
    }

    private static JsonObject Server(OpenAiOptions? connection, ServerDefinition? definition)
    {
        PointRunnerOptions options = new() { Backend = BackendKind.OpenAI, Connection = connection, Server = definition };
        return PointDefinition.Of(Point, options, new PointInputs())["server"]!.AsObject();
    }
}
