using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.ClientAccuracy;

public sealed class ClientAccuracyCheckTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    public async Task Run_SeesEveryToken_AtOrAfterItsSend(bool usesHttp2, int tokensPerChunk)
    {
        using TemporaryFolder folder = new();
        SendLog log = new();
        await using FixedScheduleEngine engine = new(ServedRun.Quick with { TokensPerChunk = tokensPerChunk });
        await using HttpServer server = await HttpServer.StartAsync(
            engine, new HttpServerOptions { Port = 0, SendLog = log, SendsInline = true, SpeaksHttp2 = usesHttp2 });
        ClientAccuracyLoad load = new(Streams: 5, TokensPerRequest: 22, RampSeconds: 0.01) { UsesHttp2 = usesHttp2, Readers = 1 };

        (IReadOnlyList<ReceivedRequest> received, LoadOutcome outcome) = await ClientAccuracyCheck.RunAsync(
            server.Address, load, folder.PathOf("run"), CancellationToken.None);
        log.Write(folder.PathOf("log.csv"));
        IReadOnlyDictionary<string, IReadOnlyList<SentToken>> sent = SendLogFile.Read(folder.PathOf("log.csv"));
        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of(received, sent, TimeProvider.System.TimestampFrequency);

        // Each of the five streams is two requests.
        Assert.Equal((10, 10 * 22L, 0L), (accuracy.Requests, accuracy.Tokens, accuracy.TokensMissing));
        Assert.Equal(10, outcome.Counters["requests_completed"]);

        // The histograms clamp errors at zero, so a receipt before its send would not show in them.
        foreach (ReceivedRequest request in received)
        {
            IReadOnlyList<SentToken> lines = sent[request.Name];
            long firstSend = lines.First(line => line.TokenIndex == 0).Timestamp;
            Assert.True(request.TokenTimestamps[0] >= firstSend - 100_000, "a token came more than 0.1 ms before it was sent");
            Assert.True(request.IssuedTimestamp <= lines[0].Timestamp);
        }
    }
}
