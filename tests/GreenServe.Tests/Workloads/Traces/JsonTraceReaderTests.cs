using GreenServe.Records;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

public sealed class JsonTraceReaderTests
{
    [Theory]
    [InlineData("\"chat_id\": 5, \"parent_chat_id\": -1, \"timestamp\": {0}", "0", "1", "2", TraceFormat.Bailian)]
    [InlineData("\"timestamp\": {0}", "0", "1", "2.5", TraceFormat.Guidellm)]
    [InlineData("\"timestamp\": {0}", "1700000000", "1700000001", "1700000002", TraceFormat.Guidellm)]
    public void Read_TakesSeconds_WhenTheFileShowsThem(string fields, string first, string second, string third, TraceFormat format)
    {
        Trace trace = Read([.. new[] { first, second, third }.Select(time => Row(string.Format(null, fields, time)))]);

        Assert.Equal((format, "seconds"), (trace.Format, trace.TimestampUnit));
        Assert.Equal([0, 1], trace.Requests.Take(2).Select(request => request.ArrivalSeconds));
    }

    [Fact]
    public void Read_TakesMilliseconds_WhenTimesAreEpochMilliseconds()
    {
        Trace trace = Read(Row("\"timestamp\": 1700000000000"), Row("\"timestamp\": 1700000003000"));

        Assert.Equal(("milliseconds", 3.0), (trace.TimestampUnit, trace.Requests[1].ArrivalSeconds));
    }

    [Fact]
    public void Read_AsksForTheUnit_WhenMillisecondsWouldBeImplausiblyDense()
    {
        // Two hundred requests, one a second: 199 gaps in 199 units.
        string[] rows = [.. Enumerable.Range(0, 200).Select(second => Row($"\"timestamp\": {second}"))];

        Assert.Equal(
            ["trace.jsonl:1: timestamp: got 1000 requests/s as milliseconds, 1 requests/s as seconds, "
                + "want a stated format: mooncake for milliseconds, guidellm or bailian for seconds"],
            ProblemsOf(rows));
        Assert.Equal(199, Read(TraceFormat.Guidellm, rows).Requests[^1].ArrivalSeconds);
        Assert.Equal(0.199, Read(TraceFormat.Mooncake, rows).Requests[^1].ArrivalSeconds);
    }

    [Fact]
    public void Read_NamesTheRow_WhenAFractionComesAfterTheUnitWasAssumed()
    {
        string[] rows = [.. Enumerable.Range(0, 1000).Select(index => Row($"\"timestamp\": {index * 100}")), Row("\"timestamp\": 99900.5")];

        Assert.Equal(
            ["trace.jsonl:1001: timestamp: got 99900.5, want whole milliseconds, or a stated format: guidellm or bailian for seconds"],
            ProblemsOf(rows));
    }

    [Theory]
    [InlineData("\"timestamp\": 1e30", "trace.jsonl:1: timestamp: got 1e30, want seconds, a number in [0, 900000000000]")]
    [InlineData("\"timestamp\": \"noon\"", "trace.jsonl:1: timestamp: got \"noon\", want seconds, a number in [0, 900000000000]")]
    [InlineData("\"timestamp\": 1, \"hash_ids\": 5", "trace.jsonl:1: hash_ids: got Number, want a list of numbers or texts")]
    [InlineData("\"timestamp\": 1, \"hash_ids\": [[1]]", "trace.jsonl:1: hash_ids: got Array, want a list of numbers or texts")]
    public void Read_NamesLineFoundAndAllowed_WhenAFieldIsWrong(string fields, string expected) =>
        Assert.Equal([expected], ProblemsOf(TraceFormat.Guidellm, Row(fields)));

    [Fact]
    public void Read_NumbersHashesInOrderOfAppearance()
    {
        Trace trace = Read(
            Row("\"timestamp\": 0, \"hash_ids\": [900, 7]", inputTokens: 600),
            Row("\"timestamp\": 500, \"hash_ids\": [900, \"a\"]", inputTokens: 1024),
            Row("\"timestamp\": 900", inputTokens: 9));

        Assert.Equal(512, trace.Prefixes!.BlockTokens);
        Assert.Equal([[0, 1], [0, 2], []], trace.Prefixes.HashIds);
        Assert.Empty(trace.Unused);
    }

    [Fact]
    public void Read_SaysWhyHashesAreNotUsed_WhenTheyDoNotFitThePrompt()
    {
        Trace trace = Read(Row("\"timestamp\": 0, \"hash_ids\": [1, 2, 3]", inputTokens: 1024));

        Assert.Null(trace.Prefixes);
        Assert.Equal(
            "hash_ids are not used, so that prompts share no prefix: request 0 has 3 of them, but its 1024 tokens are 2 blocks of "
            + "512 tokens; hash_block_tokens states another length",
            Assert.Single(trace.Unused));
    }

    [Fact]
    public void Read_UsesTheStatedLengthOfABlock()
    {
        TraceSource source = new() { File = "trace.jsonl", HashBlockTokens = 16 };
        Trace trace = Read(source, Row("\"timestamp\": 0, \"hash_ids\": [1, 2, 3]", inputTokens: 40));

        Assert.Equal(16, trace.Prefixes!.BlockTokens);
    }

    [Fact]
    public void Read_LeavesHashesOut_WhenTheWorkloadIgnoresThem()
    {
        TraceSource source = new() { File = "trace.jsonl", Prefixes = TracePrefixUse.Ignored };
        Trace trace = Read(source, Row("\"timestamp\": 0, \"hash_ids\": [1]"));

        Assert.Null(trace.Prefixes);
        Assert.Equal(
            "hash_ids are not used, so that prompts share no prefix: the workload says prefixes: ignored", Assert.Single(trace.Unused));
    }

    [Fact]
    public void Read_SaysThatChatsAreNotFollowed_WhenATurnNamesTheOneBefore()
    {
        Trace trace = Read(
            Row("\"chat_id\": 1, \"parent_chat_id\": -1, \"timestamp\": 0"),
            Row("\"chat_id\": 2, \"parent_chat_id\": 1, \"timestamp\": 9"));

        Assert.StartsWith("parent_chat_id is not used: ", Assert.Single(trace.Unused), StringComparison.Ordinal);
    }

    private static string Row(string fields, int inputTokens = 5) => $"{{{fields}, \"input_length\": {inputTokens}, \"output_length\": 5}}";

    private static Trace Read(params string[] rows) => Read(TraceFormat.Automatic, rows);

    private static Trace Read(TraceFormat format, params string[] rows) =>
        Read(new TraceSource { File = "trace.jsonl", Format = format }, rows);

    private static Trace Read(TraceSource source, params string[] rows) =>
        TraceFile.Read(new StringReader(string.Join('\n', rows)), "trace.jsonl", source);

    private static string[] ProblemsOf(params string[] rows) => ProblemsOf(TraceFormat.Automatic, rows);

    private static string[] ProblemsOf(TraceFormat format, params string[] rows) =>
        [.. Assert.Throws<InvalidInputException>(() => Read(format, rows)).Problems.Select(problem => problem.ToString())];
}
