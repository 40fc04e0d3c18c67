using GreenServe.Records;
using GreenServe.Serving.OpenAi;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>Which answers are waited for, and which end the wait.</summary>
public sealed class ServerReadinessTests
{
    private const double ReadySeconds = 3;
    private readonly FakeTimeProvider clock = new();
    private readonly List<string> said = [];

    /// <summary>How servers answer <c>/health</c> and <c>/v1/models</c> while they load their model.</summary>
    [Theory]
    [InlineData(503, 200)]  // SGLang, and llama.cpp: the model list is there already
    [InlineData(404, 503)]  // a server without /health
    [InlineData(200, 429)]  // a gateway that lets nobody in yet
    [InlineData(502, 502)]  // a gateway before its server
    public async Task WaitAsync_Waits_WhileTheServerLoads(int health, int models)
    {
        int questions = 0;
        await using ScriptedServer server = new(request => ScriptedAnswer.Of(
            Interlocked.Increment(ref questions) > 4 ? 200 : request.Path == "/health" ? health : models, "{}"));

        await WaitAsync(server.Address);

        string sentence = Assert.Single(said);
        int shown = health is 200 or 404 ? models : health;
        Assert.StartsWith($"Waiting up to 3 s until {server.Address} is ready: ", sentence, StringComparison.Ordinal);
        Assert.EndsWith($" answers {shown}.", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task WaitAsync_IsOver_WhenTheServerAnswersAnythingElse(int status)
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(status, "no"));

        await WaitAsync(server.Address);

        Assert.Empty(said);
    }

    [Fact]
    public async Task WaitAsync_EndsAfterTheLimit_AndSaysWhatItWaitedFor()
    {
        await using ScriptedServer server = new(_ => ScriptedAnswer.Of(503, "Loading model"));

        UnavailableException loading = await Assert.ThrowsAsync<UnavailableException>(() => WaitAsync(server.Address));
        UnavailableException dead = await Assert.ThrowsAsync<UnavailableException>(() => WaitAsync(new Uri("http://127.0.0.1:9/")));

        Assert.StartsWith($"{server.Address} was not ready after 3 s: health answers 503. ", loading.Message, StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:9/ was not ready after 3 s: no connection: ", dead.Message, StringComparison.Ordinal);
    }

    /// <summary>Waits on a clock that goes on by half a second whenever the wait has had time to ask.</summary>
    private async Task WaitAsync(Uri address)
    {
        OpenAiOptions options = new() { Endpoint = address, Readers = 1, ReadySeconds = ReadySeconds, Time = clock };
        using HttpConnections connections = new(options);
        Task waiting = new ServerReadiness(connections, options, new Listener(said)).WaitAsync(CancellationToken.None);
        while (await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(2))) != waiting)
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        await waiting;
    }

    private sealed class Listener(List<string> told) : IProgress<string>
    {
        public void Report(string value) => told.Add(value);
    }
}
