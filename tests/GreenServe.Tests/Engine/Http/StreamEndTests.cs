using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Engine.Http;

/// <summary>How a stream ends, as a client sees it that takes every event with a choice for a token.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes through IAsyncLifetime.")]
public sealed class StreamEndTests : HostedEngine
{
    public StreamEndTests()
        : base(new HttpServerOptions { Port = 0, SendLog = new SendLog(), StopGraceSeconds = 0.2 })
    {
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(50)]
    public async Task MeanGapOfEvents_IsTheGapOfTheTokens_WhenEachEventCountsAsOne(int tokens)
    {
        TimeSpan gap = TimeSpan.FromMilliseconds(20);
        FakeTimeProvider clock = new();
        using StreamReader events = await StartAsync(tokens);
        ScriptedEngine.Generation generation = Engine.Submitted.Take();

        List<long> times = [];
        for (int index = 0; index < tokens; index++)
        {
            generation.Sink.Accept([(int)'t'], index + 1 == tokens ? FinishReason.Length : null);
            await ReadEventAsync(events);
            times.Add(clock.GetTimestamp());
            clock.Advance(gap);
        }

        for (string data = await ReadEventAsync(events); data != "[DONE]"; data = await ReadEventAsync(events))
        {
            if (JsonNode.Parse(data)!["choices"]!.AsArray().Count > 0)
            {
                times.Add(clock.GetTimestamp());
            }
        }

        // n tokens have n - 1 gaps of 20 ms. One event more, sent with the last token, would make it (n - 1) x 20 ms / n.
        Assert.Equal(tokens, times.Count);
        Assert.Equal(gap, clock.GetElapsedTime(times[0], times[^1]) / (times.Count - 1));
    }

    [Theory]
    [InlineData(FinishReason.Length, "length")]
    [InlineData(FinishReason.Stop, "stop")]
    public async Task LastEventWithTokens_TellsTheReason_AndNoEarlierOneDoes(FinishReason reason, string name)
    {
        using StreamReader events = await StartAsync(tokens: 4);
        ScriptedEngine.Generation generation = Engine.Submitted.Take();
        generation.Sink.Accept("ab"u8.ToArray().Select(letter => (int)letter).ToArray());
        JsonNode first = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;
        generation.Sink.Accept("cd"u8.ToArray().Select(letter => (int)letter).ToArray(), reason);

        JsonNode last = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;
        JsonNode usage = JsonNode.Parse(await ReadEventAsync(events))!;

        Assert.Equal(("ab", null), ((string?)first["text"], (string?)first["finish_reason"]));
        Assert.Equal(("cd", name), ((string?)last["text"], (string?)last["finish_reason"]));
        Assert.Equal((0, 4), (usage["choices"]!.AsArray().Count, (int)usage["usage"]!["completion_tokens"]!));
        Assert.Equal("[DONE]", await ReadEventAsync(events));

        // The log has the arrival and the two events with tokens, and no third one.
        Assert.Equal([0, 2, 2], Options.SendLog!.Read().Select(entry => entry.Tokens));
    }

    [Fact]
    public async Task EventOfTheStopText_TellsTheReason_WithTheTextBeforeIt()
    {
        using StreamReader events = await StartAsync(tokens: 9, """["zz"]""");
        ScriptedEngine.Generation generation = Engine.Submitted.Take();
        generation.Sink.Accept([(int)'a', (int)'z', (int)'z', (int)'b']);

        JsonNode only = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;
        JsonNode usage = JsonNode.Parse(await ReadEventAsync(events))!["usage"]!;

        // The fourth token comes after the stop text and is not counted.
        Assert.Equal(("a", "stop"), ((string?)only["text"], (string?)only["finish_reason"]));
        Assert.Equal(3, (int)usage["completion_tokens"]!);
        Assert.True(generation.CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public async Task TextHeldBack_IsSentWithTheLastToken()
    {
        using StreamReader events = await StartAsync(tokens: 2, """["xyz"]""");
        ScriptedEngine.Generation generation = Engine.Submitted.Take();
        generation.Sink.Accept([(int)'x']);
        JsonNode first = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;
        generation.Sink.Accept([(int)'y'], FinishReason.Length);
        JsonNode last = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;

        Assert.Equal("", (string?)first["text"]);
        Assert.Equal(("xy", "length"), ((string?)last["text"], (string?)last["finish_reason"]));
    }

    [Fact]
    public async Task End_IsAnEventOfItsOwn_WhenTheEngineTellsItLater()
    {
        using StreamReader events = await StartAsync(tokens: 2);
        ScriptedEngine.Generation generation = Engine.Submitted.Take();
        generation.Sink.Accept([(int)'x']);
        JsonNode first = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;
        generation.Sink.Finish(FinishReason.Stop);
        JsonNode last = JsonNode.Parse(await ReadEventAsync(events))!["choices"]![0]!;

        Assert.Equal(("x", null), ((string?)first["text"], (string?)first["finish_reason"]));
        Assert.Equal(("", "stop"), ((string?)last["text"], (string?)last["finish_reason"]));
    }

    private async Task<StreamReader> StartAsync(int tokens, string stop = "null")
    {
        string body = $$"""
            {"prompt":"ab","max_tokens":{{tokens}},"stream":true,"stream_options":{"include_usage":true},"stop":{{stop}}}
            """;
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("v1/completions", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        HttpResponseMessage response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
    }

    private static async Task<string> ReadEventAsync(StreamReader events)
    {
        string line = await events.ReadLineAsync() ?? throw new EndOfStreamException();
        Assert.StartsWith("data: ", line, StringComparison.Ordinal);
        Assert.Equal("", await events.ReadLineAsync());
        return line["data: ".Length..];
    }
}
