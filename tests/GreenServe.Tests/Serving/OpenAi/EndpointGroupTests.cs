using System.Collections.Concurrent;
using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>How requests are spread over several endpoints, and what happens if one of them is not like the others.</summary>
public sealed class EndpointGroupTests
{
    private const string Models = """{"object":"list","data":[{"id":"mock","owned_by":"vllm"}]}""";
    private readonly ConcurrentQueue<(string Server, string Head)> sent = [];

    [Fact]
    public async Task ServeAsync_TakesTurns_AndRecordsTheEndpoint()
    {
        await using ScriptedServer first = Serve("first");
        await using ScriptedServer second = Serve("second");
        await using EndpointGroup group = await OpenAsync(EndpointBalance.RoundRobin, first, second);
        sent.Clear();

        ServedRun run = await ServedRun.AgainstAsync(group.Backend, ServedRun.Schedule(6, outputTokens: 1), ServedRun.Patient);

        Assert.Equal(2, group.Count);
        Assert.All(run.Record.Requests, request => Assert.Equal(RequestStatus.Completed, request.Status));

        // Even numbers go to the first, odd ones to the second.
        Assert.All(run.Record.Requests, request => Assert.Equal(
            request.Id % 2 == 0 ? first.Address.Authority : second.Address.Authority, request.ServerId));
        Assert.Equal((3, 3), (sent.Count(one => one.Server == "first"), sent.Count(one => one.Server == "second")));

        // Each request has the head of its own endpoint.
        Assert.All(sent, one => Assert.Contains(
            $"Host: {(one.Server == "first" ? first : second).Address.Authority}\r\n", one.Head, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ServeAsync_TakesTheLeastBusyEndpoint_WhenAskedFor()
    {
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isHeld = false;
        await using ScriptedServer slow = Serve("slow", () => isHeld ? release.Task : Task.CompletedTask);
        await using ScriptedServer quick = Serve("quick");
        await using EndpointGroup group = await OpenAsync(EndpointBalance.LeastInFlight, slow, quick);
        isHeld = true;

        // The first request stays at the first endpoint, so that all others go to the second one.
        Task held = ServeAsync(group, 0, out RequestTrace heldTrace);
        List<string?> others = [];
        for (int id = 1; id < 4; id++)
        {
            await ServeAsync(group, id, out RequestTrace trace);
            others.Add(trace.ServerId);
        }

        release.SetResult();
        await held;

        Assert.Equal(slow.Address.Authority, heldTrace.ServerId);
        Assert.All(others, name => Assert.Equal(quick.Address.Authority, name));
    }

    [Fact]
    public async Task OpenAsync_IsThePlainBackend_WithOneEndpoint()
    {
        await using ScriptedServer only = Serve("only");
        await using EndpointGroup group = await OpenAsync(EndpointBalance.RoundRobin, only);

        Assert.IsType<OpenAiBackend>(group.Backend);
        Assert.Empty(group.NotesOn(ServedRun.Schedule(1)));
    }

    [Fact]
    public async Task OpenAsync_NamesTheEndpoint_ThatIsDown_OrAnotherKindOfServer()
    {
        await using ScriptedServer good = Serve("good");
        await using ScriptedServer other = new(request => request.Path == "/v1/models"
            ? ScriptedAnswer.Of(200, Models.Replace("vllm", "somebody", StringComparison.Ordinal))
            : ScriptedServer.OneToken);
        await using ScriptedServer refusing = new(request => request.Path == "/v1/models"
            ? ScriptedAnswer.Of(200, Models)
            : ScriptedAnswer.Of(403, "no"));

        UnavailableException down = await FailureAsync(good, new Uri("http://127.0.0.1:9/"));
        UnavailableException different = await FailureAsync(good, other.Address);
        UnavailableException refused = await FailureAsync(good, refusing.Address);

        Assert.StartsWith("http://127.0.0.1:9/ cannot be reached", down.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{other.Address} is another kind of server than {good.Address}: ", different.Message, StringComparison.Ordinal);
        Assert.Equal($"{refusing.Address}: A first request failed: 403: no", refused.Message);
    }

    [Fact]
    public async Task OpenAsync_Refuses_WhenAnEndpointListsOtherModels()
    {
        await using ScriptedServer first = Serve("first");
        await using ScriptedServer other = ServeModels(Models.Replace("mock", "other", StringComparison.Ordinal));

        UnavailableException refusal = await FailureAsync(first, other.Address);

        Assert.Equal(
            $"{other.Address} does not list mock; it has other: the endpoints of a run must serve one model.", refusal.Message);
    }

    [Fact]
    public async Task OpenAsync_TakesEndpoints_ThatAllLackTheNameInTheSameList()
    {
        await using ScriptedServer first = Serve("first");
        await using ScriptedServer second = Serve("second");
        OpenAiOptions options = new() { Endpoint = first.Address, FurtherEndpoints = [second.Address], Model = "alias", Readers = 1 };

        await using EndpointGroup group = await EndpointGroup.OpenAsync(options, CancellationToken.None);

        Assert.Equal(["The server does not list alias; it has mock."], group.Notices.Take(1));
        Assert.Equal(2, group.Count);
    }

    [Fact]
    public async Task Server_HasTheShortestContext()
    {
        await using ScriptedServer wide = ServeModels("""{"data":[{"id":"mock","owned_by":"vllm","max_model_len":8192}]}""");
        await using ScriptedServer narrow = ServeModels("""{"data":[{"id":"mock","owned_by":"vllm","max_model_len":4096}]}""");

        await using EndpointGroup group = await OpenAsync(EndpointBalance.RoundRobin, wide, narrow);

        Assert.Equal(4096, group.Server.ContextTokens);
    }

    private static ScriptedServer ServeModels(string models) => new(request => request.Path == "/v1/models"
        ? ScriptedAnswer.Of(200, models)
        : ScriptedServer.OneToken);

    private static async Task<UnavailableException> FailureAsync(ScriptedServer first, Uri second) =>
        await Assert.ThrowsAsync<UnavailableException>(() => EndpointGroup.OpenAsync(
            new OpenAiOptions { Endpoint = first.Address, FurtherEndpoints = [second], Readers = 1 }, CancellationToken.None));

    private static Task<EndpointGroup> OpenAsync(EndpointBalance balance, params ScriptedServer[] servers) => EndpointGroup.OpenAsync(
        new OpenAiOptions
        {
            Endpoint = servers[0].Address,
            FurtherEndpoints = [.. servers.Skip(1).Select(server => server.Address)],
            Balance = balance,
            Dialect = DialectName.Vllm,
            Readers = 1,
        },
        CancellationToken.None);

    private static Task ServeAsync(EndpointGroup group, int id, out RequestTrace trace)
    {
        PreparedRequest request = group.Backend.Prepare(ServedRun.Schedule(4, outputTokens: 1).Requests[id]);
        trace = new RequestTrace(request.Request, TimeProvider.System.GetTimestamp(), TimeProvider.System);
        return group.Backend.ServeAsync(request, trace, CancellationToken.None);
    }

    private ScriptedServer Serve(string name, Func<Task>? before = null) => new(async request =>
    {
        if (request.Path == "/v1/models")
        {
            return ScriptedAnswer.Of(200, Models);
        }

        if (request.Path == "/v1/completions")
        {
            sent.Enqueue((name, request.Head + "\r\n"));
            await (before?.Invoke() ?? Task.CompletedTask);
        }

        return ScriptedServer.OneToken;
    });
}
