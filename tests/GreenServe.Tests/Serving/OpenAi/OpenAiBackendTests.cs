using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Workloads.Schedules;
using Microsoft.Extensions.Time.Testing;

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

        // The model list is advice. The server's own answer comes first, and what the list says after it.
        Assert.StartsWith("A first request failed: 404: ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("The server does not list huge; it has tiny.", exception.Message, StringComparison.Ordinal);
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
    public async Task OpenConnections_OpensThemAhead_AndTheRunUsesThem()
    {
        // All five are in flight at once.
        Gathering together = new(5);
        await using ScriptedServer server = new(async _ =>
        {
            await together.ArriveAsync();
            return ScriptedServer.OneToken;
        });
        OpenAiOptions options = new() { Endpoint = server.Address, Readers = 1 };
        await using OpenAiBackend backend = OpenAiBackend.For(options, ServedRun.Described);

        await backend.OpenConnectionsAsync(5, CancellationToken.None);
        long ahead = backend.ConnectionsOpened;
        ServedRun run = await ServedRun.AgainstAsync(backend, ServedRun.Schedule(5, outputTokens: 1), ServedRun.Patient);

        Assert.Equal((5, 5), (ahead, backend.ConnectionsOpened));
        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));
    }

    [Fact]
    public async Task OpenConnections_LeavesFailuresToTheRequests()
    {
        OpenAiOptions options = new() { Endpoint = new Uri("http://127.0.0.1:9/"), Readers = 1 };
        await using OpenAiBackend backend = OpenAiBackend.For(options, ServedRun.Described);

        await backend.OpenConnectionsAsync(3, CancellationToken.None);

        Assert.Equal(0, backend.ConnectionsOpened);
    }

    [Fact]
    public async Task Issue_IsWhenTheBytesGo_HoweverLongTheConnectionTook()
    {
        FakeTimeProvider time = new();
        await using OpenAiBackend backend = OpenAiBackend.For(
            new OpenAiOptions { Endpoint = new Uri("http://127.0.0.1:9/"), Readers = 1 }, ServedRun.Described);
        ScheduledRequest scheduled = ServedRun.Schedule(1).Requests[0];
        using OpenAiRequest request = (OpenAiRequest)backend.Prepare(scheduled);
        RequestTrace trace = new(scheduled, time.GetTimestamp(), time);

        trace.Issue();
        time.Advance(TimeSpan.FromMilliseconds(88));
        using HttpContent content = request.ToContent(trace);
        await content.CopyToAsync(Stream.Null);

        // Asked for at 0, sent at 88 ms: the wait is known, and no latency holds it.
        Assert.Equal(0.088, time.GetElapsedTime(trace.ScheduledTimestamp, trace.IssuedTimestamp!.Value).TotalSeconds, 1e-9);
        Assert.Equal(0.088, trace.ConnectionWaitTicks / (double)time.TimestampFrequency, 1e-9);
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
    [InlineData("http://127.0.0.1:1234", "http://127.0.0.1:1234/metrics")]
    [InlineData("http://127.0.0.1:1234/v1", "http://127.0.0.1:1234/metrics")]
    [InlineData("http://127.0.0.1:1234/v1/", "http://127.0.0.1:1234/metrics")]
    [InlineData("http://127.0.0.1:1234/a/b?api-version=1&x=%20", "http://127.0.0.1:1234/a/b/metrics?api-version=1&x=%20")]
    public async Task AddressOf_IsBelowTheEndpoint_WithItsQueryAndWithoutItsVersion(string endpoint, string expected)
    {
        OpenAiOptions options = new() { Endpoint = new Uri(endpoint), Readers = 1 };

        await using OpenAiBackend backend = OpenAiBackend.For(options, ServedRun.Described);

        Assert.Equal(expected, backend.AddressOf("metrics").AbsoluteUri);
    }
}
