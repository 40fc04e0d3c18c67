using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>What a server says of itself is advice; what it does with a first request decides.</summary>
public sealed class ServerProbeTests
{
    private const string Models = """{"object":"list","data":[{"id":"mock","owned_by":"vllm"}]}""";

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task Open_SendsText_WhenTheServerTakesNoTokenIds(int status)
    {
        await using ScriptedServer server = Serve(Models, request => request.HasTokenIds
            ? ScriptedAnswer.Of(status, """{"error":{"message":"prompt must be a string"}}""")
            : ScriptedServer.OneToken);
        await using OpenAiBackend backend = await OpenAsync(server);

        ServedRun run = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(2, outputTokens: 1), ServedRun.Patient);

        Assert.False(backend.Server.SendsTokenIds);
        Assert.Contains("prompts are sent as text", Assert.Single(backend.Notices), StringComparison.Ordinal);
        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));

        // One refusal, one text instead, eight to learn how words are counted, and the two of the run.
        Assert.Equal(1 + 1 + 8 + 2, server.Posts);
    }

    [Fact]
    public async Task Open_SendsTokenIds_WhenTheServerTakesThem()
    {
        await using ScriptedServer server = Serve(Models, _ => ScriptedServer.OneToken);
        await using OpenAiBackend backend = await OpenAsync(server);

        Assert.Equal((true, DialectName.Vllm, 1), (backend.Server.SendsTokenIds, backend.Server.Dialect, server.Posts));
        Assert.Empty(backend.Notices);
    }

    [Fact]
    public async Task Open_Fails_WhenTheServerRefusesIdsAndText()
    {
        await using ScriptedServer server = Serve(Models, _ => ScriptedAnswer.Of(403, """{"error":"not allowed"}"""));

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAsync(server));

        Assert.Equal("""A first request failed: 403: {"error":"not allowed"}""", exception.Message);
        Assert.Equal(2, server.Posts);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Open_LeavesItToTheRun_WhenTheServerIsOverloaded(int status)
    {
        await using ScriptedServer server = Serve(Models, _ => ScriptedAnswer.Of(status, "busy"));
        await using OpenAiBackend backend = await OpenAsync(server);

        Assert.True(backend.Server.SendsTokenIds);
        Assert.Equal(1, server.Posts);
    }

    [Theory]
    [InlineData(401, """{"error":"unauthorized"}""", "v1/models answered 401")]
    [InlineData(501, "not implemented", "v1/models answered 501")]
    [InlineData(200, "<html>hello</html>", "v1/models is no list of models")]
    [InlineData(200, "[1, 2]", "v1/models is no list of models")]
    [InlineData(200, "3", "v1/models is no list of models")]
    [InlineData(200, """{"data":[],"data":[]}""", "v1/models is no list of models")]
    [InlineData(200, """{"data":[{"id":"openai/*"},{"id":"other"},7,null]}""", "does not list mock; it has openai/*, other")]
    public async Task Open_OnlyRemarksOnAnOddModelList_WhenTheModelIsNamed(int status, string body, string expected)
    {
        await using ScriptedServer server = new(request => request.Path.StartsWith("/v1/models", StringComparison.Ordinal)
            ? ScriptedAnswer.Of(status, body)
            : ScriptedServer.OneToken);
        await using OpenAiBackend backend = await OpenAsync(server, "mock");

        Assert.Equal("mock", backend.Server.Model);
        Assert.Contains(expected, Assert.Single(backend.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    public async Task Open_IsSilent_WhenThereIsNoModelListAndTheModelIsNamed(int status)
    {
        await using ScriptedServer server = new(request =>
            request.Head.StartsWith("GET", StringComparison.Ordinal) ? ScriptedAnswer.Of(status, "no") : ScriptedServer.OneToken);
        await using OpenAiBackend backend = await OpenAsync(server, "mock");

        Assert.Empty(backend.Notices);
    }

    [Theory]
    [InlineData(404, "no", "v1/models answered 404: no. Give the name of the model with --model.")]
    [InlineData(501, "not implemented", "v1/models answered 501: not implemented")]
    [InlineData(200, "[]", "v1/models is no list of models: []")]
    [InlineData(200, """{"data":[]}""", "The server lists no model: give its name with --model.")]
    public async Task Open_Fails_WhenTheListIsOddAndNoModelIsNamed(int status, string body, string expected)
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(status, body));

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAsync(server));

        Assert.EndsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_GivesUpAModelListWithoutEnd()
    {
        byte[] piece = [.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];
        byte[] head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();
        await using ScriptedServer server = new(_ => new ScriptedAnswer(head) { ThenForEver = piece });

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAsync(server));

        Assert.EndsWith("v1/models sent more than 4 MB", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SendsTheQuery_WithEveryPath_AndShowsItNowhere()
    {
        List<string> paths = [];
        await using ScriptedServer server = new(request =>
        {
            lock (paths)
            {
                paths.Add(request.Path);
            }

            return request.Path.StartsWith("/v1/models", StringComparison.Ordinal)
                ? ScriptedAnswer.Of(200, Models)
                : ScriptedAnswer.Of(403, "the key SECRETKEY is not allowed");
        });
        OpenAiOptions options = new() { Endpoint = HttpAddress.Parse($"{server.Address}v1?key=SECRETKEY")!, Readers = 1 };

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => OpenAiBackend.OpenAsync(options, CancellationToken.None));

        Assert.Equal(
            ["/v1/models?key=SECRETKEY", "/version?key=SECRETKEY", "/v1/completions?key=SECRETKEY", "/v1/completions?key=SECRETKEY"],
            paths);
        Assert.Equal("A first request failed: 403: the key *** is not allowed", exception.Message);
    }

    [Fact]
    public async Task Open_AsksForMaxCompletionTokens_WhenTheServerRefusesMaxTokens()
    {
        await using ScriptedServer server = Serve(Models, request => request.Body.Contains("\"max_tokens\"", StringComparison.Ordinal)
            ? ScriptedAnswer.Of(400, """{"error":{"message":"Unsupported: 'max_tokens'. Use 'max_completion_tokens' instead."}}""")
            : ScriptedServer.OneToken);
        await using OpenAiBackend backend = await OpenAsync(server);

        Assert.True(backend.Server.LimitsCompletion);
        Assert.True(backend.Server.SendsTokenIds);
        Assert.Equal(2, server.Posts);
        Assert.Equal("The server wants max_completion_tokens in place of max_tokens: that is sent.", Assert.Single(backend.Notices));
    }

    [Fact]
    public async Task Open_SendsChats_WhenTheServerHasNoCompletions()
    {
        await using ScriptedServer server = Serve(Models, request => request.Path == "/v1/chat/completions"
            ? ScriptedServer.OneToken
            : ScriptedAnswer.Of(404, "Not Found"));
        await using OpenAiBackend backend = await OpenAsync(server);

        Assert.Equal((true, false), (backend.Server.IsChat, backend.Server.SendsTokenIds));
        Assert.Equal(
            "The server has no v1/completions (404: Not Found): prompts are sent to v1/chat/completions, as with --chat.",
            Assert.Single(backend.Notices));
        Assert.Equal(backend.Notices, backend.NotesOn(ServedRun.Schedule(2, outputTokens: 1)));
    }

    [Fact]
    public async Task Open_SaysWhatTheServerHas_WhenAChatIsAskedForAndThereIsNone()
    {
        await using ScriptedServer server = Serve(Models, request => request.Path == "/v1/completions"
            ? ScriptedServer.OneToken
            : ScriptedAnswer.Of(404, "Not Found"));
        OpenAiOptions options = new() { Endpoint = server.Address, IsChat = true, Readers = 1 };

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => OpenAiBackend.OpenAsync(options, CancellationToken.None));

        Assert.Equal(
            "The server has no v1/chat/completions (404: Not Found), but it answers v1/completions: leave out --chat.", exception.Message);
    }

    [Fact]
    public async Task Open_SendsHeadersAndAdapters_WithEveryRequest()
    {
        List<ScriptedRequest> seen = [];
        await using ScriptedServer server = new(request =>
        {
            lock (seen)
            {
                seen.Add(request);
            }

            return request.Path switch
            {
                "/v1/models" => ScriptedAnswer.Of(200, Models),
                _ when request.Body.Contains("missing", StringComparison.Ordinal) =>
                    ScriptedAnswer.Of(404, "no adapter of that name for S3CRET-VALUE"),
                _ => ScriptedServer.OneToken,
            };
        });
        OpenAiOptions options = new()
        {
            Endpoint = server.Address,
            Readers = 1,
            Headers = SecretHeader.Parse("--header", ["X-Tenant: S3CRET-VALUE"]),
            Adapters = new AdapterMix(["missing"], exponent: 1),
        };

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(
            () => OpenAiBackend.OpenAsync(options, CancellationToken.None));

        Assert.All(seen, request => Assert.Contains("X-Tenant: S3CRET-VALUE\r\n", request.Head + "\r\n", StringComparison.Ordinal));
        Assert.Equal(
            "A first request failed: 404: no adapter of that name for *** The server does not list missing; it has mock.",
            exception.Message);
    }

    [Fact]
    public async Task Open_RefusesTheServersName_WhenItWouldForgeALine()
    {
        await using ScriptedServer server = Serve(
            """{"data":[{"id":"m\nbest     1 user: 0.001 J per output token\rx"}]}""", _ => ScriptedServer.OneToken);

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAsync(server));
        await using OpenAiBackend named = await OpenAsync(server, "m");

        Assert.Equal(
            "The server's model has a name that cannot be shown on a line (m\\nbest     1 user: 0.001 J per output token\\rx): "
            + "give one with --model.",
            exception.Message);
        Assert.Equal("m", named.Server.Model);
        Assert.All(named.Notices, notice => Assert.DoesNotContain('\n', notice));
    }

    private static ScriptedServer Serve(string models, Func<ScriptedRequest, ScriptedAnswer> onPrompt) => new(request => request.Path switch
    {
        "/v1/models" => ScriptedAnswer.Of(200, models),
        "/version" => ScriptedAnswer.Of(200, """{"version":"1"}"""),
        _ => onPrompt(request),
    });

    private static Task<OpenAiBackend> OpenAsync(ScriptedServer server, string? model = null) => OpenAiBackend.OpenAsync(
        new OpenAiOptions { Endpoint = server.Address, Model = model, Readers = 1 }, CancellationToken.None);
}
