using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Serving.ClientAccuracy;

public sealed class ClientAccuracyTests
{
    [Fact]
    public void Comparison_MeasuresErrorsOfTimesAndOfGaps()
    {
        // Milliseconds. Sent at 100, 110, 120; received 1, 3 and 1 ms later: errors 1, 3, 1; gaps off by 2 and 2.
        ReceivedRequest received = new("a", IssuedTimestamp: 90, [101, 113, 121]);
        Dictionary<string, IReadOnlyList<SentToken>> sent = new()
        {
            ["a"] = [new(TokenIndex: null, 0, 95), new(0, 1, 100), new(1, 1, 110), new(2, 1, 120)],
        };

        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of([received], sent, ticksPerSecond: 1000);

        Assert.Equal((1, 3L, 0L), (accuracy.Requests, accuracy.Tokens, accuracy.TokensMissing));
        Assert.Equal(0.001, accuracy.FirstTokenErrors.SumSeconds, 1e-12);
        Assert.Equal(0.005, accuracy.TokenErrors.SumSeconds, 1e-12);
        Assert.Equal(0.004, accuracy.GapErrors.SumSeconds, 1e-12);
        Assert.Equal(0.005, accuracy.SendDelays.SumSeconds, 1e-12);
        Assert.Equal(3 / 0.020, accuracy.SentTokensPerSecond!.Value, 1e-9);
    }

    [Fact]
    public void Comparison_CountsWhatOneSideLacks()
    {
        Dictionary<string, IReadOnlyList<SentToken>> sent = new() { ["a"] = [new(0, 4, 100)] };

        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of(
            [new("a", 90, [101]), new("b", 90, [5, 6])], sent, ticksPerSecond: 1000);

        // Three of "a" never came; two of "b" were never sent.
        Assert.Equal(5, accuracy.TokensMissing);
    }

    [Fact]
    public void SendLog_IsReadBack_WhateverTheRequestIsCalled()
    {
        using TemporaryFolder folder = new();
        SendLog log = new();
        log.AddArrival("plain", 5);
        log.AddTokens("with \"quotes\", commas", 0, 3, 7);
        log.Write(folder.PathOf("log.csv"));

        IReadOnlyDictionary<string, IReadOnlyList<SentToken>> sent = SendLogFile.Read(folder.PathOf("log.csv"));

        Assert.Equal([new SentToken(TokenIndex: null, 0, 5)], sent["plain"]);
        Assert.Equal([new SentToken(0, 3, 7)], sent["with \"quotes\", commas"]);
    }

    [Fact]
    public void SendLog_NamesTheLine_ThatIsBroken()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("log.csv", SendLog.Header + "\n\"a\",0,1,5\n\"a\",x,1,5\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => SendLogFile.Read(path));

        Assert.Equal(3, Assert.Single(exception.Problems).Line);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 1)]
    public async Task Client_SeesEveryTokenAtOrAfterItsSend(bool usesHttp2, int tokensPerChunk)
    {
        using TemporaryFolder folder = new();
        SendLog log = new();
        await using FixedScheduleEngine engine = new(ServedRun.Quick with { TokensPerChunk = tokensPerChunk });
        await using HttpServer server = await HttpServer.StartAsync(
            engine, new HttpServerOptions { Port = 0, SendLog = log, SendsInline = true, SpeaksHttp2 = usesHttp2 });
        ClientAccuracyLoad load = new(Streams: 5, TokensPerStream: 22, RampSeconds: 0.01) { UsesHttp2 = usesHttp2, Readers = 1 };

        (IReadOnlyList<ReceivedRequest> received, LoadOutcome outcome) = await ClientAccuracyCheck.RunAsync(
            server.Address, load, folder.PathOf("run"), CancellationToken.None);
        log.Write(folder.PathOf("log.csv"));
        IReadOnlyDictionary<string, IReadOnlyList<SentToken>> sent = SendLogFile.Read(folder.PathOf("log.csv"));
        ClientAccuracyComparison accuracy = ClientAccuracyComparison.Of(received, sent, TimeProvider.System.TimestampFrequency);

        Assert.Equal((5, 5 * 22L, 0L), (accuracy.Requests, accuracy.Tokens, accuracy.TokensMissing));
        Assert.Equal(5, outcome.Counters["requests_completed"]);

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
