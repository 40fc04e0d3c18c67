using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

public sealed class OpenAiBackendTests
{
    [Fact]
    public async Task Open_FindsModelAndDialect_OfTheBuiltInServer()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick with { ModelName = "tiny", VocabularySize = 500 });
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        await using OpenAiBackend backend = await OpenAiBackend.OpenAsync(
            new OpenAiOptions { Endpoint = server.Address, Readers = 1 }, CancellationToken.None);

        Assert.Equal(("tiny", DialectName.Vllm), (backend.Server.Model, backend.Server.Dialect));
        Assert.True(backend.Server.SendsTokenIds);
        Assert.True(backend.Server.FixesOutput);
        Assert.Equal((250, 500), (backend.Server.LowestTokenId, backend.Server.EndTokenId));
    }

    [Fact]
    public async Task Open_SaysWhatTheServerHas_WhenItLacksTheModel()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick with { ModelName = "tiny" });
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });

        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAiBackend.OpenAsync(
            new OpenAiOptions { Endpoint = server.Address, Model = "huge", Readers = 1 }, CancellationToken.None));

        Assert.Equal("The server does not serve huge; it has tiny.", exception.Message);
    }

    [Fact]
    public async Task Open_Fails_WhenNobodyListens()
    {
        UnavailableException exception = await Assert.ThrowsAsync<UnavailableException>(() => OpenAiBackend.OpenAsync(
            new OpenAiOptions { Endpoint = new Uri("http://127.0.0.1:9/"), Readers = 1 }, CancellationToken.None));

        Assert.Contains("http://127.0.0.1:9/ cannot be reached", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_ConfirmsTheLengthOfTextPrompts_ByTheServersOwnCount(bool isChat)
    {
        // The built-in codec counts bytes, so a word is several tokens: the client must find that out.
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        OpenAiOptions options = new() { Endpoint = server.Address, SendsText = true, IsChat = isChat, Readers = 1 };
        await using OpenAiBackend backend = await OpenAiBackend.OpenAsync(options, CancellationToken.None);

        ServedRun run = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(20, inputTokens: 2000), ServedRun.Patient);

        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
        Assert.All(run.Record.Requests, request => Assert.InRange(request.InputTokensCounted!.Value, 1800, 2200));
        Assert.DoesNotContain(run.Outcome.Reasons, reason => reason.Code == "input-lengths");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Run_CountsChunksOfSeveralTokens_AsSeveral(int tokensPerChunk)
    {
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions(), ServedRun.Schedule(4, outputTokens: 8), ServedRun.Quick with { TokensPerChunk = tokensPerChunk });

        Assert.All(
            run.Record.Requests, request => Assert.Equal((RequestStatus.Completed, 8), (request.Status, request.OutputTokensCounted)));

        // 8 tokens are 7 gaps, whatever they were packed in.
        Assert.Equal(4 * 7, run.Record.TokenGaps["SS"].Count);
    }

    [Fact]
    public async Task Run_ReusesConnections_AndOpensAsManyAsItNeeds()
    {
        await using FixedScheduleEngine engine = new(ServedRun.Quick with { FirstTokenSeconds = 0.05 });
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        OpenAiOptions options = new() { Endpoint = server.Address, Readers = 1 };
        await using OpenAiBackend backend = OpenAiBackend.For(options, ServedRun.Described);

        // All 200 are in flight at once, twice what any hidden cap of 100 would let through.
        ServedRun run = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(200), ServedRun.Patient);

        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
        Assert.InRange(backend.ConnectionsOpened, 1, 200);
    }

    [Fact]
    public async Task Run_CountsARefusal_WhenTheServerLacksTheEndpoint()
    {
        // The built-in server has no /generate_stream and answers with 404.
        await using FixedScheduleEngine engine = new(ServedRun.Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0 });
        OpenAiOptions options = new() { Endpoint = server.Address, Readers = 1 };
        ServerDescription description = ServedRun.Described with { Dialect = DialectName.TgiGenerate, SendsTokenIds = false };

        ServedRun run = await ServedRun.AgainstAsync(options, description, ServedRun.Schedule(1), ServedRun.Patient);

        Assert.Equal(RequestStatus.Refused, Assert.Single(run.Record.Requests).Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1234")]
    [InlineData("http://127.0.0.1:1234/v1")]
    [InlineData("http://127.0.0.1:1234/v1/")]
    public async Task Options_AcceptTheEndpoint_WithAndWithoutVersion(string endpoint)
    {
        OpenAiOptions options = new() { Endpoint = new Uri(endpoint), Readers = 1 };

        await using OpenAiBackend backend = OpenAiBackend.For(options, ServedRun.Described);

        Assert.Equal("http://127.0.0.1:1234/", backend.Root.AbsoluteUri);
    }
}
