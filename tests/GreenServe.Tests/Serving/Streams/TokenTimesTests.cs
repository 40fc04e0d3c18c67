using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;

namespace GreenServe.Tests.Serving.Streams;

/// <summary>
/// Eight tokens, one an event, from 50 ms on and 20 ms apart: TTFT is 50 ms and each gap is 20 ms, whatever else the server says.
/// </summary>
public sealed class TokenTimesTests
{
    private const int Tokens = 8;
    private const string Done = "data: [DONE]\n\n";
    private static readonly double[] Times = [50, 70, 90, 110, 130, 150, 170, 190];

    [Theory]
    [InlineData("0,0,0,0,0,0,0,0")]
    [InlineData("1,1,1,1,1,1,1,1")]
    [InlineData("0,0,0,4,4,4,4,8")]
    [InlineData("0,1,2,3,4,5,6,7")]
    [InlineData("1,1,3,3,5,5,7,7")]
    [InlineData("1,2,3,4,5,6,7,8")]
    public async Task Read_FindsEveryTokensTime_WhenTheRunningCountLagsOrStandsStill(string counts)
    {
        string[] each = counts.Split(',');

        RequestTrace trace = await ReadAsync(index => $$"""{"choices":[{"text":" a"}],"usage":{{Usage(each[index])}}}""");

        AssertAllKnown(trace);
    }

    [Theory]
    [InlineData("""{"choices":[{"text":" a","logprobs":{"tokens":[],"token_logprobs":[]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":" a"},"logprobs":{"content":[],"refusal":null}}]}""")]
    [InlineData("""{"choices":[{"text":" a","token_ids":[]}]}""")]
    [InlineData("""{"choices":[{"delta":{"reasoning_content":"a"},"logprobs":{"content":[]}}],"usage":{"completion_tokens":0}}""")]
    [InlineData("""{"choices":[{"text":" a"}],"timings":{"predicted_n":0}}""")]
    public async Task Read_FindsEveryTokensTime_WhenTheListOfTokensIsEmpty(string json) => AssertAllKnown(await ReadAsync(_ => json));

    [Fact]
    public async Task Read_FindsEveryTokensTime_WhenTheTotalComesInAnEventWithoutOutput()
    {
        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OpenAi, Tokens,
        [
            .. Times.Select(time => ((int)time, Event("""{"choices":[{"text":" a"}],"usage":{"completion_tokens":0}}"""))),
            (210, Event("""{"choices":[{"text":"","finish_reason":"length"}]}""")),
            (210, Event("""{"choices":[],"usage":{"completion_tokens":8,"prompt_tokens":64}}""") + Done),
        ]);

        AssertAllKnown(trace);
    }

    [Fact]
    public async Task Read_CountsATokenOnce_WhenItsTextIsCutIntoTwoEvents()
    {
        // The token at the border of reasoning and answer comes as two events with one count.
        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.Vllm,
            2,
            (50, Event("""{"choices":[{"delta":{"reasoning_content":"a"}}],"usage":{"completion_tokens":1}}""")),
            (50, Event("""{"choices":[{"delta":{"content":"b"}}],"usage":{"completion_tokens":1}}""")),
            (70, Event("""{"choices":[{"delta":{"content":"c"},"finish_reason":"length"}],"usage":{"completion_tokens":2}}""") + Done));

        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
        Assert.Equal(2, trace.OutputTokens);
        Assert.True(trace.AreTokenTimesKnown);
        Assert.Equal(50, TimedResponse.TokenMilliseconds(trace)[0]);
    }

    [Fact]
    public async Task Read_KnowsNoTokenTimes_WhenACountIsLateOrATokenIsCut()
    {
        // A count that is one event late from the second event on, or a cut token at the beginning and a last token without text.
        string[] counts = ["1", "1", "2", "3", "4", "5", "6", "7"];

        RequestTrace trace = await ReadAsync(index => $$"""{"choices":[{"text":" a"}],"usage":{{Usage(counts[index])}}}""");

        Assert.Equal((RequestStatus.Completed, Tokens), (trace.Status, trace.OutputTokens));
        Assert.False(trace.AreTokenTimesKnown);
        Assert.True(trace.IsFirstTokenKnown);
    }

    [Theory]

    // Three events for eight tokens: some event had several, and the first may have been a placeholder.
    [InlineData("""{"choices":[{"text":" a"}]}""", false)]

    // The server counted a token for the first event, and then no more. The first token is certain, the others are not.
    [InlineData("""{"choices":[{"text":" a"}],"usage":{"completion_tokens":1}}""", true)]

    // The tokens of the first event are listed in it.
    [InlineData("""{"choices":[{"text":" a","token_ids":[7,8]}]}""", true)]
    public async Task Read_KnowsTheFirstToken_OnlyWhereTheServerCountedIt(string json, bool isFirstKnown)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.OpenAi,
            Tokens,
            (50, Event(json)),
            (70, Event(json)),
            (90, Event(json)),
            (213, Event($$"""{"choices":[{"text":"","finish_reason":"length"}],"usage":{{Usage("8")}}}""") + Done));

        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
        Assert.Equal(Tokens, trace.OutputTokens);
        Assert.False(trace.AreTokenTimesKnown);
        Assert.Equal(isFirstKnown, trace.IsFirstTokenKnown);
        Assert.Equal(50, TimedResponse.TokenMilliseconds(trace)[0]);
    }

    [Fact]
    public async Task Read_KnowsNoTokenTimes_WhenALateCountDoesNotFitTheEventsBeforeIt()
    {
        // Six tokens after three events: nobody knows which of them had more than one, although the total agrees in the end.
        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.Vllm,
            7,
            (50, Event("""{"choices":[{"text":" a"}],"usage":{"completion_tokens":0}}""")),
            (70, Event("""{"choices":[{"text":" a"}],"usage":{"completion_tokens":0}}""")),
            (90, Event("""{"choices":[{"text":" a"}],"usage":{"completion_tokens":6}}""")),
            (110, Event($$"""{"choices":[{"text":" a","finish_reason":"length"}],"usage":{{Usage("7")}}}""") + Done));

        Assert.Equal((RequestStatus.Completed, 7), (trace.Status, trace.OutputTokens));
        Assert.False(trace.AreTokenTimesKnown);
        Assert.False(trace.IsFirstTokenKnown);
    }

    [Fact]
    public async Task Read_TakesNoTokenFromTheFinalCount_WhenNoOutputCame()
    {
        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.OpenAi,
            Tokens,
            (213, Event("""{"choices":[{"delta":{"audio":"?"},"finish_reason":"length"}]}""")),
            (213, Event($$"""{"choices":[],"usage":{{Usage("8")}}}""") + Done));

        Assert.Equal(RequestStatus.WrongLength, trace.Status);
        Assert.Contains("no output came, although the server counted 8", trace.Error, StringComparison.Ordinal);
        Assert.Null(trace.FirstTokenTimestamp);
    }

    [Fact]
    public async Task Read_SaysThatTheServerDidNotCount_WhenEveryCountIsZero()
    {
        RequestTrace trace = await ReadAsync(_ => """{"choices":[{"text":" a"}],"usage":{"completion_tokens":0}}""", total: "0");

        Assert.Equal(
            (
                RequestStatus.WrongLength,
                "the server did not count its tokens (8 events with text came); --count-events measures it all the same"
            ),
            TimedResponse.EndOf(trace));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Read_TakesAnEventWhenItsLineEnds_WhateverEndsTheLine(string lineEnd)
    {
        // The blank line of an event comes with the next event.
        string[] bodies =
        [
            $$"""data: {"choices":[{"text":"a"}],"usage":{{Usage("1")}}}{{lineEnd}}""",
            $$"""{{lineEnd}}data: {"choices":[{"text":"b"}],"usage":{{Usage("2")}}}{{lineEnd}}""",
            $$"""{{lineEnd}}data: {"choices":[{"text":"c","finish_reason":"length"}],"usage":{{Usage("3")}}}{{lineEnd}}""",
        ];

        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.Vllm, 3, (50, bodies[0]), (70, bodies[1]), (90, bodies[2]), (110, $"{lineEnd}data: [DONE]{lineEnd}{lineEnd}"));

        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
        Assert.Equal([50, 70, 90], TimedResponse.TokenMilliseconds(trace));
    }

    private static Task<RequestTrace> ReadAsync(Func<int, string> jsonOf, string total = "8") => TimedResponse.ReadAsync(
        DialectName.OpenAi,
        Tokens,
        [
            .. Times.Select((time, index) => ((int)time, Event(jsonOf(index)))),
            (213, Event($$"""{"choices":[{"text":"","finish_reason":"length"}],"usage":{{Usage(total)}}}""") + Done),
        ]);

    private static void AssertAllKnown(RequestTrace trace)
    {
        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
        Assert.Equal(Tokens, trace.OutputTokens);
        Assert.True(trace.AreTokenTimesKnown);
        Assert.True(trace.IsFirstTokenKnown);
        Assert.Equal(Times, TimedResponse.TokenMilliseconds(trace));
    }

    private static string Usage(string count) => $$"""{"prompt_tokens":64,"completion_tokens":{{count}}}""";

    private static string Event(string json) => $"data: {json}\n\n";
}
