using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;

namespace GreenServe.Tests.Engine.Http;

[SuppressMessage("Design", "CA1001", Justification = "xunit disposes through IAsyncLifetime.")]
public sealed class HttpServerTests : HostedEngine
{
    public HttpServerTests()
        : base(new HttpServerOptions { Port = 0, StopGraceSeconds = 0.2, MaxBodyBytes = 100_000 })
    {
        Engine = new ScriptedEngine { Answer = "hello world" };
    }

    [Fact]
    public async Task Completions_AnswersWithTextAndUsage()
    {
        JsonNode answer = await PostAsync(
            "v1/completions", """{"model":"test-model","prompt":"abc","max_tokens":5,"return_token_ids":true}""");

        JsonNode choice = answer["choices"]![0]!;
        JsonNode usage = answer["usage"]!;
        Assert.Equal("hello", (string?)choice["text"]);
        Assert.Equal("length", (string?)choice["finish_reason"]);
        Assert.Equal("hello"u8.ToArray().Select(letter => (int)letter), choice["token_ids"]!.AsArray().Select(token => (int)token!));
        Assert.Equal(3, (int)usage["prompt_tokens"]!);
        Assert.Equal(5, (int)usage["completion_tokens"]!);
        Assert.Equal(8, (int)usage["total_tokens"]!);
    }

    [Fact]
    public async Task Chat_AnswersWithAMessage()
    {
        JsonNode answer = await PostAsync("v1/chat/completions", """
            {"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],
             "max_completion_tokens":5,"temperature":0,"top_p":0.5,"seed":3}
            """);

        Assert.Equal("hello", (string?)answer["choices"]![0]!["message"]!["content"]);
        GenerationRequest request = Engine.Submitted.Take().Request;
        Assert.Equal("user: hi\nassistant: ", Encoding.UTF8.GetString([.. request.Prompt.ToArray().Select(token => (byte)token)]));
        Assert.Equal((0.0, 0.5, 3L), (request.Temperature, request.TopP, request.Seed));
    }

    [Theory]
    [InlineData("""{"prompt":["a","b"]}""")]
    [InlineData("""{"prompt":[[1],[2]]}""")]
    public async Task Completions_RefuseSeveralPrompts_InWordsThatAreEasyToRead(string body)
    {
        using HttpResponseMessage response = await Client.PostAsync(
            new Uri("v1/completions", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"This server takes one prompt a request: a text or a list of token ids.\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_PassesTokenIdsAndOptions()
    {
        await PostAsync("v1/completions", """{"prompt":[5,6,299],"max_tokens":9,"min_tokens":4,"ignore_eos":true}""");

        GenerationRequest request = Engine.Submitted.Take().Request;
        Assert.Equal([5, 6, 299], request.Prompt.ToArray());
        Assert.Equal((9, 4, true), (request.MaxTokens, request.MinTokens, request.IgnoreEndOfSequence));
    }

    [Fact]
    public async Task Completions_StreamsEachTokenWithTheRunningUsage()
    {
        string[] events = await StreamAsync(
            "v1/completions",
            """{"prompt":"ab","max_tokens":4,"stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true}}""");

        JsonNode[] chunks = [.. events[..^1].Select(data => JsonNode.Parse(data)!)];
        IEnumerable<JsonNode> withText = chunks.Where(chunk => chunk["choices"]!.AsArray().Count > 0);
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal("hell", string.Concat(withText.Select(chunk => (string?)chunk["choices"]![0]!["text"])));
        Assert.Equal(4, (int)chunks[^1]["usage"]!["completion_tokens"]!);
        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        int[] running = [.. chunks.Select(chunk => (int)chunk["usage"]!["completion_tokens"]!)];
        Assert.Equal(running.Order(), running);
        Assert.Equal("length", (string?)chunks[^2]["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task Chat_StreamsARoleFirst()
    {
        string[] events = await StreamAsync(
            "v1/chat/completions", """{"messages":[{"role":"user","content":"x"}],"max_tokens":3,"stream":true}""");

        JsonNode first = JsonNode.Parse(events[0])!["choices"]![0]!["delta"]!;
        Assert.Equal(("assistant", ""), ((string?)first["role"], (string?)first["content"]));
        string text = string.Concat(events[..^1].Select(data => (string?)JsonNode.Parse(data)!["choices"]![0]!["delta"]!["content"]));
        Assert.Equal("hel", text);
    }

    [Theory]
    [InlineData("lo", "hel")]
    [InlineData("o w", "hell")]
    [InlineData("world", "hello ")]
    [InlineData("nowhere", "hello world")]
    public async Task Completions_EndsBeforeAStopText_WhereverTokensCutIt(string stop, string expected)
    {
        JsonNode answer = await PostAsync("v1/completions", $$"""{"prompt":"x","max_tokens":11,"stop":["zzz","{{stop}}"]}""");
        string[] events = await StreamAsync("v1/completions", $$"""{"prompt":"x","max_tokens":11,"stream":true,"stop":"{{stop}}"}""");

        string reason = expected == "hello world" ? "length" : "stop";
        Assert.Equal((expected, reason), ((string?)answer["choices"]![0]!["text"], (string?)answer["choices"]![0]!["finish_reason"]));
        Assert.Equal(expected, string.Concat(events[..^1].Select(data => (string?)JsonNode.Parse(data)!["choices"]![0]!["text"])));
    }

    [Fact]
    public async Task Completions_DoesNotStop_BeforeTheFewestTokens()
    {
        JsonNode answer = await PostAsync("v1/completions", """{"prompt":"x","max_tokens":11,"min_tokens":9,"stop":"l"}""");

        // The stop text at the third token comes too early; so does the one at the fourth; the next is the tenth.
        Assert.Equal("hello wor", (string?)answer["choices"]![0]!["text"]);
    }

    [Theory]
    [InlineData("""{"prompt":"x","max_tokens":-1}""", 400, "max_tokens")]
    [InlineData("""{"prompt":"x","max_tokens":0}""", 400, "max_tokens")]
    [InlineData("""{"prompt":"x","max_tokens":"many"}""", 400, "max_tokens")]
    [InlineData("""{"prompt":"x","max_tokens":5,"min_tokens":6}""", 400, "min_tokens")]
    [InlineData("""{"prompt":"x","temperature":-0.5}""", 400, "temperature")]
    [InlineData("""{"prompt":"x","top_p":0}""", 400, "top_p")]
    [InlineData("""{"prompt":"x","n":2}""", 400, "n")]
    [InlineData("""{"prompt":"x","stop":[1]}""", 400, "stop")]
    [InlineData("""{"prompt":""}""", 400, "prompt")]
    [InlineData("""{"prompt":[]}""", 400, "prompt")]
    [InlineData("""{"prompt":[5,300]}""", 400, "prompt")]
    [InlineData("""{"prompt":[5,-1]}""", 400, "prompt")]
    [InlineData("""{"prompt":[5,1.5]}""", 400, "prompt")]
    [InlineData("""{"max_tokens":5}""", 400, "prompt")]
    [InlineData("""{"prompt":"x","model":"other"}""", 404, "model")]
    [InlineData("""[1]""", 400, "body")]
    [InlineData("""{"prompt":""", 400, "body")]
    public async Task Completions_RefusesWithAnErrorObject(string body, int status, string parameter)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri("v1/completions", UriKind.Relative), Json(body));

        JsonNode error = (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(parameter, (string?)error["param"]);
        Assert.NotEmpty((string?)error["message"] ?? "");
        Assert.Equal("invalid_request_error", (string?)error["type"]);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "messages")]
    [InlineData("""{"messages":[{"content":"x"}]}""", "messages")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages")]
    public async Task Chat_RefusesWithAnErrorObject(string body, string parameter)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(parameter, (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!["param"]);
    }

    [Fact]
    public async Task Completions_RefusesAPromptOverTheContext_WithTheNumbers()
    {
        using HttpResponseMessage response = await Client.PostAsync(
            new Uri("v1/completions", UriKind.Relative), Json($$"""{"prompt":"{{new string('x', 990)}}","max_tokens":11}"""));

        JsonNode error = (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal("context_length_exceeded", (string?)error["code"]);
        Assert.Contains(
            "maximum context length is 1000 tokens. However, you requested 1001 tokens (990 in the prompt, 11 in the completion)",
            (string?)error["message"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_RefusesABodyOverTheLimit()
    {
        using HttpResponseMessage response = await Client.PostAsync(
            new Uri("v1/completions", UriKind.Relative), Json($$"""{"prompt":"{{new string('x', 100_000)}}"}"""));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.NotNull((await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!["message"]);
    }

    [Theory]
    [InlineData("GET", "v1/completions", 405)]
    [InlineData("POST", "v1/models", 405)]
    [InlineData("GET", "nowhere", 404)]
    [InlineData("GET", "health", 200)]
    public async Task Paths_AnswerAsTheyShould(string method, string path, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using HttpResponseMessage response = await Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Models_TellsNameAndContext()
    {
        JsonNode model = (await Client.GetFromJsonAsync<JsonNode>(new Uri("v1/models", UriKind.Relative)))!["data"]![0]!;

        Assert.Equal(("test-model", 1000), ((string?)model["id"], (int)model["max_model_len"]!));
    }

    [Fact]
    public async Task Metrics_SpeaksVllmsNames()
    {
        await PostAsync("v1/completions", """{"prompt":"abc","max_tokens":5,"stream":false}""");
        await StreamAsync("v1/completions", """{"prompt":"abc","max_tokens":5,"stream":true}""");

        string text = await Client.GetStringAsync(new Uri("metrics", UriKind.Relative));

        Assert.Contains("vllm:num_requests_running{model_name=\"test-model\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("vllm:num_requests_waiting{model_name=\"test-model\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("vllm:kv_cache_usage_perc{model_name=\"test-model\"} 0.25\n", text, StringComparison.Ordinal);
        Assert.Contains("vllm:num_preemptions_total{model_name=\"test-model\"} 7\n", text, StringComparison.Ordinal);
        Assert.Contains("vllm:prompt_tokens_total{model_name=\"test-model\"} 6\n", text, StringComparison.Ordinal);
        Assert.Contains("vllm:generation_tokens_total{model_name=\"test-model\"} 10\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "vllm:request_success_total{finished_reason=\"length\",model_name=\"test-model\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("vllm:time_to_first_token_seconds_count{model_name=\"test-model\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Fails_WhenThePortIsTaken()
    {
        InvalidInputException exception = await Assert.ThrowsAsync<InvalidInputException>(
            () => HttpServer.StartAsync(Engine, new HttpServerOptions { Port = Server.Address.Port }));

        Assert.Contains($"127.0.0.1:{Server.Address.Port}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_GoesOnServing_WithAThousandSilentConnections()
    {
        List<Socket> silent = [];
        try
        {
            for (int index = 0; index < 1000; index++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, Server.Address.Port);
            }

            JsonNode answer = await PostAsync("v1/completions", """{"prompt":"abc","max_tokens":5}""");
            Assert.Equal("hello", (string?)answer["choices"]![0]!["text"]);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    private async Task<JsonNode> PostAsync(string path, string body)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri(path, UriKind.Relative), Json(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<string[]> StreamAsync(string path, string body)
    {
        using HttpResponseMessage response = await Client.PostAsync(new Uri(path, UriKind.Relative), Json(body));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line["data: ".Length..])];
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
