using GreenServe.Engine.Http;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>
/// A measured request reaches the server once and whole. It is sent again only where the server had closed the connection before.
/// </summary>
public sealed class SingleSendTests
{
    public static TheoryData<bool> ReadsDirectly => [true, false];

    [Theory]
    [MemberData(nameof(ReadsDirectly))]
    public async Task Run_SendsAfresh_WhenAReusedConnectionEndsBeforeAnyByte(bool readsDirectly)
    {
        await using ScriptedServer server = new(
            request => request.NumberOnConnection == 1 ? ScriptedServer.OneToken : ScriptedAnswer.HangUp);
        await using OpenAiBackend backend = Open(server, readsDirectly);

        ServedRun first = await SendOneAsync(backend);
        ServedRun second = await SendOneAsync(backend);

        Assert.Equal((RequestStatus.Completed, 0.0), StatusOf(first));
        Assert.Equal((RequestStatus.Completed, 1.0), StatusOf(second));

        // One body for the first request. The second one's is lost with the connection and comes again on another.
        Assert.Equal((3, 2), (server.Posts, server.Connections));
    }

    [Theory]
    [MemberData(nameof(ReadsDirectly))]
    public async Task Run_SendsAfresh_UntilTheConnectionIsNew(bool readsDirectly)
    {
        // Three connections are open and each serves one request. The fourth request meets their ends one after the other.
        Gathering together = new(3);
        await using ScriptedServer server = new(async request =>
        {
            if (request.NumberOnConnection == 1 && request.Connection <= 3)
            {
                await together.ArriveAsync();
            }

            return request.NumberOnConnection == 1 ? ScriptedServer.OneToken : ScriptedAnswer.HangUp;
        });
        await using OpenAiBackend backend = Open(server, readsDirectly);
        await ServedRun.AgainstAsync(backend, ServedRun.Schedule(3, outputTokens: 1), ServedRun.Patient);

        ServedRun run = await SendOneAsync(backend);

        // It is one request that was sent afresh, however often.
        Assert.Equal((RequestStatus.Completed, 1.0), StatusOf(run));
        Assert.Equal((3 + 4, 4), (server.Posts, server.Connections));
    }

    [Theory]
    [MemberData(nameof(ReadsDirectly))]
    public async Task Run_DoesNotRepeatARequest_WhenANewConnectionDies(bool readsDirectly)
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.HangUp);
        await using OpenAiBackend backend = Open(server, readsDirectly);

        ServedRun run = await SendOneAsync(backend);

        Assert.Equal((RequestStatus.Truncated, 0.0), StatusOf(run));
        Assert.Equal((1, 1), (server.Posts, server.Connections));
    }

    [Theory]
    [MemberData(nameof(ReadsDirectly))]
    public async Task Run_DoesNotRepeatARequest_WhenAReusedConnectionEndsInsideTheAnswer(bool readsDirectly)
    {
        await using ScriptedServer server = new(request => request.NumberOnConnection == 1
            ? ScriptedServer.OneToken
            : new ScriptedAnswer("HTTP/1.1 200 OK\r\nContent-"u8.ToArray()) { Closes = true });
        await using OpenAiBackend backend = Open(server, readsDirectly);

        await SendOneAsync(backend);
        ServedRun second = await SendOneAsync(backend);

        // The server had the request: it began to answer.
        Assert.Equal((RequestStatus.Truncated, 0.0), StatusOf(second));
        Assert.Equal(2, server.Posts);
    }

    [Fact]
    public async Task Run_SendsPromptsOfFiftyThousandTokens()
    {
        ServedRun run = await ServedRun.AgainstAsync(
            new HttpServerOptions(), ServedRun.Schedule(8, inputTokens: 50_000), ServedRun.Quick with { ContextTokens = 60_000 });

        Assert.All(
            run.Record.Requests,
            request => Assert.Equal((RequestStatus.Completed, 50_000), (request.Status, request.InputTokensCounted)));
    }

    private static OpenAiBackend Open(ScriptedServer server, bool readsDirectly) => OpenAiBackend.For(
        new OpenAiOptions { Endpoint = server.Address, Readers = 1, ReadsDirectly = readsDirectly }, ServedRun.Described);

    private static Task<ServedRun> SendOneAsync(OpenAiBackend backend) =>
        ServedRun.AgainstAsync(backend, ServedRun.Schedule(1, outputTokens: 1), ServedRun.Patient);

    private static (RequestStatus Status, double SentAfresh) StatusOf(ServedRun run) =>
        (Assert.Single(run.Record.Requests).Status, run.Record.Manifest.Counters[RunCounter.RequestsSentAfresh.Name]);
}
