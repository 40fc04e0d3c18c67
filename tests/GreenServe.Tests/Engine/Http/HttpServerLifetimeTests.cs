using System.Diagnostics.CodeAnalysis;
using System.Text;
using GreenServe.Engine;
using GreenServe.Engine.Http;

namespace GreenServe.Tests.Engine.Http;

/// <summary>Tests the HTTP server with clients that leave, with engines that fail, and while it stops.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes through IAsyncLifetime.")]
public sealed class HttpServerLifetimeTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ScriptedEngine engine = new();
    private readonly HttpClient client = new();
    private HttpServer server = null!;

    public async Task InitializeAsync()
    {
        server = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, StopGraceSeconds = Limit.TotalSeconds });
        client.BaseAddress = server.Address;
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Engine_IsToldAtOnce_WhenTheClientLeaves()
    {
        using CancellationTokenSource leaving = new();
        Task<HttpResponseMessage> request = SendAsync(leaving.Token);
        ScriptedEngine.Generation generation = engine.Submitted.Take();
        generation.Sink.Accept([65]);
        using HttpResponseMessage response = await request;

        response.Dispose();

        Assert.True(await CancelledAsync(generation));
        generation.Sink.Finish(FinishReason.Cancelled);
        const string OneAbort = "finished_reason=\"abort\",model_name=\"test-model\"} 1\n";
        Assert.True(SpinWait.SpinUntil(() => ReadMetrics().Contains(OneAbort, StringComparison.Ordinal), Limit));

        string ReadMetrics() => client.GetStringAsync(new Uri("metrics", UriKind.Relative)).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Stream_EndsWithAnError_WhenTheEngineFails()
    {
        Task<HttpResponseMessage> request = SendAsync(CancellationToken.None);
        ScriptedEngine.Generation generation = engine.Submitted.Take();
        generation.Sink.Accept([65]);
        generation.Sink.Finish(FinishReason.Error, "the device is gone");
        using HttpResponseMessage response = await request;

        string text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"error\":{\"message\":\"the device is gone\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_LetsRequestsEnd_WithinTheGrace()
    {
        Task<HttpResponseMessage> request = SendAsync(CancellationToken.None);
        ScriptedEngine.Generation generation = engine.Submitted.Take();
        generation.Sink.Accept([65]);
        using HttpResponseMessage response = await request;
        Task stopping = server.StopAsync();
        generation.Sink.Accept([66]);
        generation.Sink.Finish(FinishReason.Length);

        string text = await response.Content.ReadAsStringAsync();
        await stopping.WaitAsync(Limit);

        Assert.Contains("[DONE]", text, StringComparison.Ordinal);
        Assert.Contains("B\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_BreaksRequestsOff_AfterTheGrace()
    {
        await using HttpServer hasty = await HttpServer.StartAsync(engine, new HttpServerOptions { Port = 0, StopGraceSeconds = 0.1 });
        using HttpClient other = new() { BaseAddress = hasty.Address };
        Task<HttpResponseMessage> request = SendAsync(other, CancellationToken.None);
        ScriptedEngine.Generation generation = engine.Submitted.Take();
        using HttpResponseMessage response = await request;
        using CancellationTokenRegistration finishing =
            generation.CancellationToken.Register(() => generation.Sink.Finish(FinishReason.Cancelled));

        await hasty.StopAsync().WaitAsync(Limit);

        Assert.True(await CancelledAsync(generation));
    }

    [Fact]
    public async Task Tokens_ThatCameTogether_AreOneChunkOfSeveral()
    {
        Task<HttpResponseMessage> request = SendAsync(CancellationToken.None);
        ScriptedEngine.Generation generation = engine.Submitted.Take();
        generation.Sink.Accept([65, 66, 67]);
        generation.Sink.Finish(FinishReason.Length);
        using HttpResponseMessage response = await request;

        string text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"text\":\"ABC\"", text, StringComparison.Ordinal);
        Assert.Contains("\"completion_tokens\":3", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_IsHeldBack_UntilACharacterIsWhole()
    {
        // "é" is two bytes and so two tokens. The first token alone gives no text.
        Task<HttpResponseMessage> request = SendAsync(CancellationToken.None);
        ScriptedEngine.Generation generation = engine.Submitted.Take();
        generation.Sink.Accept([0xC3]);
        generation.Sink.Accept([0xA9]);
        generation.Sink.Finish(FinishReason.Length);
        using HttpResponseMessage response = await request;

        string text = await response.Content.ReadAsStringAsync();

        Assert.Contains("é", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\uFFFD", text, StringComparison.Ordinal);
    }

    private static async Task<bool> CancelledAsync(ScriptedEngine.Generation generation)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = generation.CancellationToken.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(Limit);
        return generation.CancellationToken.IsCancellationRequested;
    }

    private Task<HttpResponseMessage> SendAsync(CancellationToken cancellationToken) => SendAsync(client, cancellationToken);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri("v1/completions", UriKind.Relative))
        {
            Content = new StringContent(
                """{"prompt":"abc","max_tokens":50,"stream":true,"stream_options":{"include_usage":true,"continuous_usage_stats":true}}""",
                Encoding.UTF8,
                "application/json"),
        };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
