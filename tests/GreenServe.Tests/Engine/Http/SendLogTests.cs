using System.Text;
using GreenServe.Engine.Http;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Engine.Http;

public sealed class SendLogTests
{
    [Fact]
    public async Task Read_HoldsTheArrivalAndEachChunk_OnTheClockOfTheServer()
    {
        FakeTimeProvider clock = new();
        SendLog log = new();
        HttpServerOptions options = new() { Port = 0, SendLog = log, Clock = clock };
        await using ScriptedEngine engine = new() { Answer = "hello world" };
        await using HttpServer server = await HttpServer.StartAsync(engine, options);
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.Address, "v1/completions"))
        {
            Content = new StringContent("""{"prompt":"abc","max_tokens":5,"stream":true}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Request-Id", "r7");

        using HttpResponseMessage response = await client.SendAsync(request);

        // The fake clock stands still. The engine gives all tokens at once, so they may come in one chunk or in several.
        IReadOnlyList<SendLog.Entry> entries = log.Read();
        Assert.All(entries, entry => Assert.Equal(("r7", clock.GetTimestamp()), (entry.RequestId, entry.Timestamp)));
        Assert.Null(entries[0].TokenIndex);
        Assert.Equal(0, entries[1].TokenIndex);
        Assert.Equal(5, entries.Sum(entry => entry.Tokens));
    }
}
