using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;

namespace GreenServe.Tests.Serving.Streams;

/// <summary>How the end of a response is judged, whatever a server sends.</summary>
public sealed class OutputReadingTests
{
    private const string Done = "data: [DONE]\n\n";
    private const string Output = """data: {"choices":[{"text":" a"}]}""" + "\n\n";
    private const string Finish = """data: {"choices":[{"text":" a","finish_reason":"length"}]}""" + "\n\n";
    private const string Usage = """data: {"choices":[],"usage":{"completion_tokens":2,"prompt_tokens":64}}""" + "\n\n";

    [Theory]
    [InlineData(DialectName.OpenAi, "abort", RequestStatus.ServerError)]
    [InlineData(DialectName.OpenAi, "error", RequestStatus.ServerError)]
    [InlineData(DialectName.OpenAi, "cancelled", RequestStatus.ServerError)]
    [InlineData(DialectName.OpenAi, "content_filter", RequestStatus.ContentFilter)]
    [InlineData(DialectName.TgiGenerate, "abort", RequestStatus.ServerError)]
    [InlineData(DialectName.TgiGenerate, "content_filter", RequestStatus.ContentFilter)]
    [InlineData(DialectName.OllamaNative, "unload", RequestStatus.ServerError)]
    [InlineData(DialectName.OllamaNative, "content_filter", RequestStatus.ContentFilter)]
    public async Task Read_DoesNotComplete_WhenTheServerGivesAnotherReasonThanAWholeOutput(
        DialectName dialect, string reason, RequestStatus status)
    {
        // Two tokens of two, so that nothing but the reason is wrong.
        string body = dialect switch
        {
            DialectName.TgiGenerate => """data:{"token":{"id":1,"text":" a"},"details":null}""" + "\n\n"
                + $$$"""data:{"token":{"id":1,"text":" a"},"details":{"finish_reason":"{{{reason}}}","generated_tokens":2}}""" + "\n\n",
            DialectName.OllamaNative => """{"response":" a","done":false}""" + "\n" + """{"response":" a","done":false}""" + "\n"
                + $$"""{"response":"","done":true,"done_reason":"{{reason}}","eval_count":2}""" + "\n",
            _ => Output + $$"""data: {"choices":[{"text":" a","finish_reason":"{{reason}}"}]}""" + "\n\n" + Usage + Done,
        };

        RequestTrace trace = await TimedResponse.ReadAsync(dialect, 2, (50, body));

        Assert.Equal(status, trace.Status);
        Assert.Contains($"\"{reason}\"", trace.Error, StringComparison.Ordinal);
        Assert.Equal(2, trace.OutputTokens);
    }

    [Theory]
    [InlineData(DialectName.OpenAi, Output + Finish + Done)]
    [InlineData(DialectName.OpenAi, Output + Output + Done)]
    [InlineData(DialectName.Vllm, Output + Finish + Done)]
    public async Task Read_MeasuresEvents_WhenTheServerCountsNothingAndTheUserAcceptsIt(DialectName dialect, string body)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(dialect, asked: 9, null, countsEvents: true, (50, body));

        // The number of tokens stays unknown. Two events have come, at known times.
        Assert.Equal((RequestStatus.Completed, null, 2), (trace.Status, trace.OutputTokens, trace.ChunkCount));
        Assert.True(trace is { IsCountedByEvents: true, AreTokenTimesKnown: true, IsFirstTokenKnown: true });
    }

    [Fact]
    public async Task Read_CountsTokens_WhenTheServerCountsThem_WhateverTheUserAccepts()
    {
        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.OpenAi, asked: 2, null, countsEvents: true, (50, Output + Finish + Usage + Done));

        Assert.Equal((2, false), (trace.OutputTokens, trace.IsCountedByEvents));
    }

    [Fact]
    public async Task Read_NamesTheOption_WhenTheServerCountsNothing()
    {
        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OpenAi, asked: 2, (50, Output + Finish + Done));

        Assert.Equal(RequestStatus.WrongLength, trace.Status);
        Assert.Contains("--count-events", trace.Error, StringComparison.Ordinal);
    }

    [Theory]

    // The count is that of the tokens that came, or that of the tokens asked for.
    [InlineData(DialectName.OpenAi, 2, Output + Output + Usage + Done, RequestStatus.Completed, null)]
    [InlineData(DialectName.OpenAi, 9, Output + Output + Usage + Done, RequestStatus.Completed, null)]
    [InlineData(DialectName.OpenAi, 2, Output + Usage + Done, RequestStatus.Completed, null)]
    [InlineData(DialectName.Vllm, 2, Output + Output + Usage + Done, RequestStatus.Completed, null)]
    [InlineData(DialectName.Vllm, 9, Output + Output + Usage + Done, RequestStatus.WrongLength, "asked for 9 output tokens, got 2")]
    [InlineData(DialectName.OpenAi, 9, Output + Usage + Done, RequestStatus.Truncated, "without a finish reason")]
    [InlineData(DialectName.OpenAi, 2, Output + Output + Done, RequestStatus.Truncated, "without a finish reason")]
    [InlineData(DialectName.OpenAi, 2, Output + Output + Usage, RequestStatus.Truncated, "without a finish reason")]
    [InlineData(DialectName.OpenAi, 2, "", RequestStatus.Truncated, "before its first event")]
    public async Task Read_CompletesWithoutAFinishReason_OnlyWhenTheEndAndTheCountAgree(
        DialectName dialect, int asked, string body, RequestStatus status, string? error)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(dialect, asked, (50, body));

        Assert.Equal(status, trace.Status);
        Assert.True(error is null ? trace.Error is null : trace.Error!.Contains(error, StringComparison.Ordinal), trace.Error);
    }

    [Theory]

    // An error in place of the stream, on one line, on several, in a list, or cut off.
    [InlineData("application/json", """{"error":{"message":"too long"}}""", RequestStatus.ServerError, "too long")]
    [InlineData("text/event-stream", "{\n  \"error\": {\n    \"message\": \"too long\"\n  }\n}\n", RequestStatus.ServerError, "too long")]
    [InlineData("application/json", """[{"error":{"message":"too long"}}]""", RequestStatus.ServerError, "too long")]
    [InlineData("application/json", """{"detail":"too long" """, RequestStatus.ServerError, "too long")]
    [InlineData("application/json", """{"object":"error","message":"too long","code":400}""", RequestStatus.ServerError, "too long")]

    // An error inside the stream, in every way that servers know.
    [InlineData("text/event-stream", Output + "error: {\"message\":\"too long\"}\n\n" + Done, RequestStatus.ServerError, "too long")]
    [InlineData("text/event-stream", "error:too long", RequestStatus.ServerError, "too long")]
    [InlineData(
        "text/event-stream", Output + "event: error\ndata: {\"message\":\"too long\"}\n\n" + Done, RequestStatus.ServerError, "too long")]
    [InlineData("text/event-stream", "event: server_error\ndata: too long", RequestStatus.ServerError, "too long")]
    [InlineData(
        "text/event-stream", Output + "event: error\ndata: {\ndata: \"message\":\"too long\"}\n\n", RequestStatus.ServerError, "too long")]
    [InlineData("text/event-stream", "data: {\"error\":\"too long\"}\n\n", RequestStatus.ServerError, "too long")]
    [InlineData("text/event-stream", Output + "data: {\"message\":\"too long\"}\n\n" + Done, RequestStatus.ServerError, "too long")]
    [InlineData("text/event-stream", Output + "{\"error\":\"too long\"}", RequestStatus.ServerError, "too long")]

    // No error that a program could find, and no stream.
    [InlineData("text/html", "<html><h1>Sign in</h1></html>", RequestStatus.Malformed, "text/html, not an event stream: <html><h1>Sign in")]
    [InlineData("text/plain", "Internal trouble\n", RequestStatus.Malformed, "text/plain, not an event stream: Internal trouble")]
    [InlineData(null, "Internal trouble\n", RequestStatus.Malformed, "an answer of no stated type, not an event stream: Internal trouble")]
    [InlineData(
        "application/json",
        """{"choices":[{"text":" a a","finish_reason":"length"}],"usage":{"completion_tokens":2}}""",
        RequestStatus.Malformed,
        """application/json, not an event stream: {"choices":[{"text":" a a""")]
    [InlineData("text/event-stream", """{"choices":[]}""", RequestStatus.Malformed, "an event stream without an event of this dialect")]
    public async Task Read_KeepsTheServersWords_WhenTheAnswerIsNoStream(
        string? contentType, string body, RequestStatus status, string error)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OpenAi, 2, contentType, (50, body));

        Assert.Equal(status, trace.Status);
        Assert.Contains(error, trace.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"error\": \"too long\"\n}\n", RequestStatus.ServerError, "too long")]
    [InlineData("{\"error\":\"too long\"}", RequestStatus.ServerError, "too long")]
    [InlineData("<html><h1>Sign in</h1></html>", RequestStatus.Malformed, "text/html, not an event stream: <html>")]
    [InlineData("{\"response\":\" a\"}\n<html>\n", RequestStatus.Malformed, "not the JSON expected: <html>")]
    [InlineData("{\"response\":\" a\"}\n{\"respo", RequestStatus.Truncated, "ended inside an event")]
    public async Task Read_KeepsTheServersWords_WhenLinesAreNotJson(string body, RequestStatus status, string error)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OllamaNative, 2, "text/html", (50, body));

        Assert.Equal(status, trace.Status);
        Assert.Contains(error, trace.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(": ping\n\n")]
    [InlineData("retry: 3000\n\n")]
    [InlineData("data:\n\n")]
    [InlineData("event: ping\ndata: {\"type\":\"ping\"}\n\n")]
    [InlineData("data: {\"message\":\"you are the next\"}\n\n")]
    [InlineData("x-notice: beta\n")]
    [InlineData("\uFEFF")]
    public async Task Read_Completes_WhateverHarmlessLinesComeBesideTheOutput(string line)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(
            DialectName.OpenAi, 2, (50, line), (60, Output), (70, line.Trim('\uFEFF')), (80, Finish + Usage + Done));

        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
        Assert.Equal([60, 80], TimedResponse.TokenMilliseconds(trace));
    }

    [Theory]
    [InlineData(DialectName.OpenAi, Output + Finish + Usage + "data: [DONE]")]
    [InlineData(DialectName.OpenAi, Output + Finish + Usage + "data: [DONE]\n")]
    [InlineData(
        DialectName.TgiGenerate,
        """data:{"token":{"id":1}}""" + "\n\n" + """data:{"token":{"id":1},"details":{"generated_tokens":2}}""")]
    [InlineData(DialectName.OllamaNative, """{"response":"a"}""" + "\n\n \n" + """{"response":"a","done":true,"eval_count":2}""")]
    public async Task Read_BelievesTheLastEvent_WithoutABlankLine(DialectName dialect, string body)
    {
        RequestTrace trace = await TimedResponse.ReadAsync(dialect, 2, (50, body));

        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
        Assert.Equal(2, trace.OutputTokens);
    }

    [Fact]
    public async Task Read_TakesDataOfSeveralLines_AsOneEvent()
    {
        string body = "data: {\"choices\":\ndata: [{\"text\":\" a\",\"finish_reason\":\"length\"}],\n"
            + "data: \"usage\":{\"completion_tokens\":1}}\n\n";

        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OpenAi, 1, (50, body + Done));

        Assert.Equal((RequestStatus.Completed, null), TimedResponse.EndOf(trace));
    }

    [Fact]
    public async Task Read_GivesUp_WhenTheServersCountGoesFarBeyondTheLengthAskedFor()
    {
        // 2 tokens asked for and 64 spare ones: the 67th is one too many.
        (int, string)[] pieces =
        [
            .. Enumerable.Range(1, 1000).Select(count =>
                (count, $$$"""data: {"choices":[{"text":"a"}],"usage":{"completion_tokens":{{{count}}}}}""" + "\n\n")),
        ];

        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.Vllm, 2, pieces);

        Assert.Equal(
            (RequestStatus.WrongLength, "asked for 2 output tokens, but the stream goes on after 67 tokens: it was given up"),
            TimedResponse.EndOf(trace));
        Assert.Equal(66, trace.ChunkCount);
    }

    [Theory]
    [InlineData(Output)]
    [InlineData("""data: {"choices":[{"text":""}]}""" + "\n\n")]
    public async Task Read_GivesUp_WhenEventsHaveNoEnd(string line)
    {
        // 8 events for each of 2 tokens and 1,000 spare ones.
        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OpenAi, 2, (50, string.Concat(Enumerable.Repeat(line, 5000))));

        Assert.Equal(
            (RequestStatus.WrongLength, "asked for 2 output tokens, but the stream goes on after 1016 events: it was given up"),
            TimedResponse.EndOf(trace));
    }

    [Fact]
    public async Task Read_GivesUp_WhenNoEventEverEnds()
    {
        string page = "<p>" + new string('a', 1000) + "\n";

        RequestTrace trace = await TimedResponse.ReadAsync(DialectName.OpenAi, 2, (50, string.Concat(Enumerable.Repeat(page, 2000))));

        Assert.Equal(RequestStatus.Malformed, trace.Status);
        Assert.Contains("more than 1048576 bytes without an event: <p>aaa", trace.Error, StringComparison.Ordinal);
    }
}
