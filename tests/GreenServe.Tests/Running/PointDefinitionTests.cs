using System.Text.Json.Nodes;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class PointDefinitionTests
{
    private static readonly OperatingPoint Point = OperatingPoint.Of(
        WorkloadCatalog.Read("fixed-512-128"), new ServingSystem { Gpu = "H100-80GB-SXM", Engine = "vllm-2025" });

    /// <summary>What says how to reach the server, and not what is asked of it; or what the command line cannot set.</summary>
    private static readonly string[] NoPartOfIt =
    [
        nameof(OpenAiOptions.ApiKey), nameof(OpenAiOptions.Seed), nameof(OpenAiOptions.Time), nameof(OpenAiOptions.Readers),
        nameof(OpenAiOptions.ConnectSeconds), nameof(OpenAiOptions.Salt), nameof(OpenAiOptions.LowestTokenId),
        nameof(OpenAiOptions.EndTokenId), nameof(OpenAiOptions.FixesOutput),
    ];

    [Fact]
    public void Of_KnowsEveryWayToAskAServer()
    {
        int asked = typeof(OpenAiOptions).GetProperties().Count(property => !NoPartOfIt.Contains(property.Name));
        JsonObject server = Server(new OpenAiOptions { Endpoint = new Uri("http://127.0.0.1:1"), Seed = 1 }, null);

        // One member for each property, and one for a server that is started. A new property must be added to one of the two lists.
        Assert.Equal(asked + 1, server.Count);
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

    private static JsonObject Server(OpenAiOptions? connection, ServerDefinition? definition)
    {
        PointRunnerOptions options = new() { Backend = BackendKind.OpenAI, Connection = connection, Server = definition };
        return PointDefinition.Of(Point, options, new PointInputs())["server"]!.AsObject();
    }
}
