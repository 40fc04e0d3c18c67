using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Engine.Http;

namespace GreenServe.Tests.Engine.Http;

/// <summary>Requests that the server must refuse as the client's error, and never take for an error of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes through IAsyncLifetime.")]
public sealed class RequestRefusalTests : HostedEngine
{
    private const string Completions = "v1/completions";
    private const string Chat = "v1/chat/completions";
    public RequestRefusalTests()
        : base(new HttpServerOptions { Port = 0, StopGraceSeconds = 0.2 })
    {
        Engine = new ScriptedEngine { Answer = "hello world" };
    }

    [Theory]
    [InlineData("""{"prompt":"*"}""", Completions)]
    [InlineData("""{"*":1,"prompt":"x"}""", Completions)]
    [InlineData("""{"prompt":"x","stop":"*"}""", Completions)]
    [InlineData("""{"prompt":"x","model":"*"}""", Completions)]
    [InlineData("""{"messages":[{"role":"*","content":"x"}]}""", Chat)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"*"}]}]}""", Chat)]
    public async Task Text_IsRefused_WhenItIsNoUnicode(string body, string path)
    {
        string[] parts = body.Split('*');
        IEnumerable<byte[]> bytes = [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80]];
        IEnumerable<string> escapes = ["\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud800x"];
        foreach (byte[] wrong in bytes.Concat(escapes.Select(Encoding.ASCII.GetBytes)))
        {
            byte[] sent = [.. Encoding.ASCII.GetBytes(parts[0]), .. wrong, .. Encoding.ASCII.GetBytes(parts[1])];
            JsonNode error = await RefusedAsync(path, sent);

            Assert.Equal("body", (string?)error["param"]);
            Assert.Matches("byte [0-9]+", (string?)error["message"]);
        }
    }

    [Fact]
    public async Task InvalidByte_IsNamedWithItsPlace()
    {
        JsonNode error = await RefusedAsync(Completions, [.. "{\"prompt\":\"é"u8, 0xFF, .. "\"}"u8]);

        // Eleven bytes of JSON and two of the letter come before it.
        Assert.Equal(
            "The request body is not valid UTF-8: byte 13 (0xFF) begins no character.", (string?)error["message"]);
    }

    [Theory]
    [InlineData("\\ud83d\\ude00")]
    [InlineData("\u00e9")]
    [InlineData("\\u0000")]
    public async Task Text_IsServed_WhenItIsUnicode(string text)
    {
        using HttpResponseMessage response = await PostAsync(
            Completions, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($$"""{"prompt":"{{text}}","max_tokens":3}""")]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFFFF")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("-5")]
    [InlineData("xyz")]
    public async Task Chunk_IsRefused_WhenItsSizeIsAbsurd(string size)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(IPAddress.Loopback, Server.Address.Port);
        NetworkStream stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n{}\r\n0\r\n\r\n"));
        using StreamReader answer = new(stream);

        Assert.StartsWith("HTTP/1.1 400 ", await answer.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "echo":true """, "echo")]
    [InlineData(""" "n":2 """, "n")]
    [InlineData(""" "n":"1" """, "n")]
    [InlineData(""" "best_of":2 """, "best_of")]
    [InlineData(""" "logprobs":0 """, "logprobs")]
    [InlineData(""" "logprobs":5 """, "logprobs")]
    [InlineData(""" "logprobs":true """, "logprobs")]
    [InlineData(""" "prompt_logprobs":0 """, "prompt_logprobs")]
    [InlineData(""" "top_k":5 """, "top_k")]
    [InlineData(""" "presence_penalty":0.1 """, "presence_penalty")]
    [InlineData(""" "logit_bias":{"5":-100} """, "logit_bias")]
    [InlineData(""" "response_format":{"type":"json_object"} """, "response_format")]
    [InlineData(""" "guided_regex":"a+" """, "guided_regex")]
    [InlineData(""" "suffix":"x" """, "suffix")]
    [InlineData(""" "ignore_eoss":true """, "ignore_eoss")]
    [InlineData(""" "messages":[] """, "messages")]
    [InlineData(""" "max_completion_tokens":4 """, "max_tokens")]
    [InlineData(""" "stream_options":{"include_usages":true} """, "stream_options")]
    [InlineData(""" "stream_options":[] """, "stream_options")]
    public async Task Completions_RefuseAField_ThatTheyWouldIgnore(string field, string parameter)
    {
        JsonNode error = await RefusedAsync(Completions, Encoding.UTF8.GetBytes($$"""{"prompt":"x","max_tokens":3,{{field}}}"""));

        Assert.Equal(parameter, (string?)error["param"]);
        Assert.Contains($"`{parameter}", (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "prompt":"x" """, "prompt")]
    [InlineData(""" "tools":[{"type":"function"}] """, "tools")]
    [InlineData(""" "tool_choice":"required" """, "tool_choice")]
    [InlineData(""" "top_logprobs":1 """, "top_logprobs")]
    [InlineData(""" "modalities":["text","audio"] """, "modalities")]
    [InlineData(""" "reasoning_effort":"high" """, "reasoning_effort")]
    public async Task Chat_RefusesAField_ThatItWouldIgnore(string field, string parameter)
    {
        JsonNode error = await RefusedAsync(
            Chat, Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"x"}],{{field}}}"""));

        Assert.Equal(parameter, (string?)error["param"]);
    }

    [Theory]
    [InlineData("""{"role":"assistant","content":"x","tool_calls":[{"id":"1"}]}""", "messages.tool_calls")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","text":"x"}]}""", "messages.content.type")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"x","image_url":{}}]}""", "messages.content.image_url")]
    public async Task Chat_RefusesAFieldOfAMessage_ThatItWouldIgnore(string message, string place)
    {
        JsonNode error = await RefusedAsync(Chat, Encoding.UTF8.GetBytes($$"""{"messages":[{{message}}]}"""));

        Assert.Equal("messages", (string?)error["param"]);
        Assert.Contains($"`{place}`", (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "n":1,"best_of":1.0,"echo":false,"logprobs":null,"frequency_penalty":0,"repetition_penalty":1.0 """)]
    [InlineData(""" "top_k":-1,"min_p":0.0,"logit_bias":{},"user":"me","response_format":{"type":"text"},"suffix":null """)]
    [InlineData(""" "max_completion_tokens":3,"unknown":null,"stop":[],"stream_options":null """)]
    public async Task Completions_ServeFields_ThatAskForNothing(string fields)
    {
        using HttpResponseMessage response = await PostAsync(
            Completions, Encoding.UTF8.GetBytes($$"""{"prompt":"x","max_tokens":3,{{fields}}}"""));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<JsonNode> RefusedAsync(string path, byte[] body)
    {
        using HttpResponseMessage response = await PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonNode error = (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal("invalid_request_error", (string?)error["type"]);
        return error;
    }

    private Task<HttpResponseMessage> PostAsync(string path, byte[] body) =>
        Client.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(body));
}
