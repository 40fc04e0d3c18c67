using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GreenServe.Engine;
using GreenServe.Engine.Http;

namespace GreenServe.Tests.Engine.Http;

public sealed class ModelEndpointTests
{
    [Theory]
    [InlineData("tiny", "tiny", 200)]
    [InlineData("org/tiny", "org/tiny", 200)]
    [InlineData("org/tiny", "org%2Ftiny", 200)]
    [InlineData("org/tiny:8b", "org/tiny:8b", 200)]
    [InlineData("tiny", "TINY", 404)]
    [InlineData("tiny", "tiny/", 404)]
    [InlineData("org/tiny", "tiny", 404)]
    [InlineData("tiny", "", 404)]
    public async Task Model_IsDescribedByItsName(string name, string asked, int status)
    {
        await using ScriptedEngine engine = new() { Model = new EngineModel(name, ContextTokens: 1000, VocabularySize: 300) };
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        using HttpClient client = new() { BaseAddress = server.Address };

        using HttpResponseMessage response = await client.GetAsync(new Uri("v1/models/" + asked, UriKind.Relative));
        JsonNode answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal(status, (int)response.StatusCode);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            JsonNode listed = (await client.GetFromJsonAsync<JsonNode>(new Uri("v1/models", UriKind.Relative)))!["data"]![0]!;
            Assert.Equal((name, "model"), ((string?)answer["id"], (string?)answer["object"]));
            Assert.True(JsonNode.DeepEquals(listed, answer));
        }
        else
        {
            Assert.Equal("model_not_found", (string?)answer["error"]!["code"]);
        }
    }

    [Fact]
    public async Task Model_IsNotDescribed_WithoutTheKey()
    {
        await using ScriptedEngine engine = new();
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, ApiKey = "k" });
        using HttpClient client = new() { BaseAddress = server.Address };

        using HttpResponseMessage response = await client.GetAsync(new Uri("v1/models/test-model", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
