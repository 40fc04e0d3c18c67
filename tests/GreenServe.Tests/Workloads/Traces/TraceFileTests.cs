using CsCheck;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

public sealed class TraceFileTests
{
    private const string AzureHeader = "TIMESTAMP,ContextTokens,GeneratedTokens\n";

    [Fact]
    public void Read_KeepsSevenDigits_WhenTheFormatIsAzure2023()
    {
        Trace trace = Read(AzureHeader + "2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109\r\n");

        Assert.Equal(TraceFormat.Azure, trace.Format);
        Assert.Equal([new TraceRequest(0, 374, 44), new TraceRequest(4.314579, 396, 109)], trace.Requests);
    }

    [Fact]
    public void Read_UnderstandsOffsetsAndShortFractions_WhenTheFormatIsAzure2024()
    {
        Trace trace = Read(AzureHeader
            + "2024-05-10 00:00:00.009930+00:00,2162,5\n"
            + "2024-05-10 00:00:01+00:00,2399,6\n"
            + "2024-05-10T02:00:01.5+02:00,10,7\n"
            + "2024-05-10 00:00:02Z,11,8\n"
            + "2024-05-10 00:00:02.25,12,9\n");

        Assert.Equal([0, 0.99007, 1.49007, 1.99007, 2.24007], trace.Requests.Select(request => request.ArrivalSeconds));
    }

    [Theory]
    [InlineData(
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n"
        + "45,GPT-4,1087,230,1317,API log\n118.5,ChatGPT,417,276,693,Conversation log\n")]
    [InlineData(
        "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,a,1,ChatGPT,472,18,490,x\n"
        + "45,b,1.5,GPT-4,1087,230,1317,x\n118.5,,,ChatGPT,417,276,693,x\n")]
    public void Read_StartsAtTheFirstRow_WhenTheFormatIsBurstGpt(string text)
    {
        Trace trace = Read(text);

        Assert.Equal(TraceFormat.Burstgpt, trace.Format);
        Assert.Equal([new TraceRequest(0, 472, 18), new TraceRequest(40, 1087, 230), new TraceRequest(113.5, 417, 276)], trace.Requests);
    }

    [Fact]
    public void Read_TakesMilliseconds_WhenTheFormatIsMooncake()
    {
        Trace trace = Read("""
            {"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47]}
            {"timestamp": 30535, "input_length": 6472, "output_length": 26, "hash_ids": []}
            """);

        Assert.Equal(TraceFormat.Mooncake, trace.Format);
        Assert.Equal([new TraceRequest(0, 6955, 52), new TraceRequest(3.053, 6472, 26)], trace.Requests);
    }

    [Theory]
    [InlineData("arrival_seconds,input_tokens,output_tokens\n1.5,10,20\n2,30,40\n", TraceFormat.Normalised)]
    [InlineData("arrived_at,num_prefill_tokens,num_decode_tokens\n1.5,10,20\n2,30,40\n", TraceFormat.Vidur)]
    [InlineData("\"arrived_at\",\"num_decode_tokens\",\"num_prefill_tokens\"\n\"1.5\",\"20\",\"10\"\n2,40,30\n", TraceFormat.Vidur)]
    public void Read_TellsTheFormatFromTheHeader_WhateverTheOrderOfColumns(string text, TraceFormat format)
    {
        Trace trace = Read(text);

        Assert.Equal(format, trace.Format);
        Assert.Equal([new TraceRequest(0, 10, 20), new TraceRequest(0.5, 30, 40)], trace.Requests);
    }

    [Fact]
    public void Read_CountsAndLeavesOutRows_WhenTheyHaveNoTokens()
    {
        Trace trace = Read(
            "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n1,a,5,0,5,x\n2,a,5,6,11,x\n3,a,0,6,6,x\n");

        Assert.Equal(2, trace.RowsWithoutTokens);

        // The first row of the file is second 0, failed or not.
        Assert.Equal([new TraceRequest(1, 5, 6)], trace.Requests);
    }

    [Fact]
    public void Read_ReportsEveryBadRowWithItsLine()
    {
        string[] problems = ProblemsOf(AzureHeader
            + "2023-11-16 18:15:46.6805900,374,44\n"
            + "yesterday,374,44\n"
            + "2023-11-16 18:15:47,-5,many\n"
            + "\n"
            + "2023-11-16 18:15:47,5\n"
            + "2023-11-16 18:15:46,1,1\n"
            + "2023-11-16 18:15:48,1.5,1\n"
            + "\n");

        Assert.Equal(
            [
                "trace.csv:3: TIMESTAMP: got 'yesterday', want a time such as 2023-11-16 18:15:46.6805900",
                "trace.csv:4: ContextTokens: got '-5', want tokens, a whole number in [0, 10000000]",
                "trace.csv:4: GeneratedTokens: got 'many', want tokens, a whole number in [0, 10000000]",
                "trace.csv:5: row: got an empty row, want 3 fields",
                "trace.csv:6: row: got 2 fields, want 3 fields",
                "trace.csv:7: row: got an arrival 0.68059 s before the row above, want rows in order of arrival",
                "trace.csv:8: ContextTokens: got '1.5', want tokens, a whole number in [0, 10000000]",
            ],
            problems);
    }

    [Theory]
    [InlineData(
        "{\"timestamp\": 1, \"input_length\": 5}",
        "trace.csv:1: output_length: got nothing, want tokens, a whole number in [0, 10000000]")]
    [InlineData(
        "{\"timestamp\": -1, \"input_length\": 5, \"output_length\": 5}",
        "trace.csv:1: timestamp: got -1, want whole milliseconds, or a stated format: guidellm or bailian for seconds")]
    [InlineData("{\"timestamp\": 1, \"input_length\": 5, \"output_length\": 5}\n[1]", "trace.csv:2: row: got Array, want a JSON object")]
    [InlineData(
        "{\"timestamp\": 9, \"input_length\": 5, \"output_length\": 5}\n{\"timestamp\": 4, \"input_length\": 5, \"output_length\": 5}",
        "trace.csv:2: row: got an arrival 0.005 s before the row above, want rows in order of arrival")]
    [InlineData(
        "arrival_seconds,input_tokens,output_tokens\n-1,5,5\n",
        "trace.csv:2: arrival_seconds: got '-1', want seconds, a number in [0, 900000000000]")]
    [InlineData(
        "arrival_seconds,input_tokens,output_tokens\nNaN,5,5\n",
        "trace.csv:2: arrival_seconds: got 'NaN', want seconds, a number in [0, 900000000000]")]
    [InlineData(
        "arrival_seconds,input_tokens,output_tokens\n1,5,99999999999\n",
        "trace.csv:2: output_tokens: got '99999999999', want tokens, a whole number in [0, 10000000]")]
    [InlineData(
        "arrival_seconds,input_tokens,output_tokens\n",
        "trace.csv: rows: got no row with tokens in the slice, want at least one request")]
    [InlineData(
        "arrival_seconds,input_tokens,output_tokens\n1,0,0\n",
        "trace.csv: rows: got no row with tokens in the slice, want at least one request")]
    public void Read_NamesLineFoundAndAllowed_WhenOneThingIsWrong(string text, string expected) =>
        Assert.Equal([expected], ProblemsOf(text));

    [Theory]
    [InlineData("", "got an empty file")]
    [InlineData("a,b,c\n1,2,3\n", "got 'a,b,c'")]
    public void Read_ListsTheFormats_WhenTheHeaderIsUnknown(string text, string found)
    {
        string problem = Assert.Single(ProblemsOf(text));

        Assert.StartsWith(
            $"trace.csv:1: header: {found}, want the columns arrival_seconds, input_tokens, output_tokens; or TIMESTAMP, ",
            problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamesTheColumns_WhenTheFormatIsAnother()
    {
        string problem = Assert.Single(ProblemsOf("a,b,c\n", new TraceSource { File = "trace.csv", Format = TraceFormat.Azure }));

        Assert.Equal("trace.csv:1: header: got 'a,b,c', want the columns TIMESTAMP, ContextTokens, GeneratedTokens", problem);
    }

    [Fact]
    public void Read_StopsAtTheLine_WhenAQuoteIsNeverClosed()
    {
        string[] problems = ProblemsOf(
            AzureHeader + "2023-11-16 18:15:46.6805900,\"374,44\n" + string.Concat(Enumerable.Repeat("2023-11-16 18:15:47,1,1\n", 1000)));

        Assert.Equal(
            "row: got a field without an end, want fields of at most 4096 letters and closed quotes",
            Assert.Single(problems).Split(": ", 2)[1]);
    }

    [Fact]
    public void Read_ShowsABeginningOnly_WhenTheFileIsNoTable()
    {
        string problem = Assert.Single(ProblemsOf(new string('x', 4000)));

        Assert.Contains(new string('x', 200) + "...'", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 201), problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShowsTwentyProblemsAndCountsAll_WhenThereAreMore()
    {
        string[] problems = ProblemsOf(AzureHeader + string.Concat(Enumerable.Repeat("x,1,1\n", 1000)));

        Assert.Equal(21, problems.Length);
        Assert.StartsWith("trace.csv:21: ", problems[19], StringComparison.Ordinal);
        Assert.Equal("trace.csv: rows: got 1000 problems in all, want none; the first 20 are listed", problems[20]);
    }

    [Fact]
    public void Read_CutsTheSlice_AndStartsItAtZero()
    {
        string text = "arrival_seconds,input_tokens,output_tokens\n" + string.Concat(
            Enumerable.Range(0, 100).Select(second => $"{second},{second + 1},1\n"));

        Trace trace = Read(text, new TraceSource { File = "trace.csv", FromSeconds = 10, ToSeconds = 50, MaximumRequests = 3 });
        Trace whole = Read(text, new TraceSource { File = "trace.csv", FromSeconds = 10, ToSeconds = 50 });

        Assert.Equal([new TraceRequest(0, 11, 1), new TraceRequest(1, 12, 1), new TraceRequest(2, 13, 1)], trace.Requests);
        Assert.Equal(40, whole.Requests.Count);
    }

    [Fact]
    public void Read_RefusesTheFile_WhenItsHashIsAnother()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,1\n");
        string right = TraceFile.ComputeSha256(path);

        Assert.Single(TraceFile.Read(new TraceSource { File = "t.csv", Sha256 = right.ToUpperInvariant() }, folder.Root).Requests);
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => TraceFile.Read(new TraceSource { File = "t.csv", Sha256 = new string('0', 64) }, folder.Root));

        Assert.Equal($"{path}: sha256: got {right}, want {new string('0', 64)}, the trace this workload is made for", exception.Message);
    }

    [Fact]
    public void Read_NamesThePath_WhenThereIsNoFile()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TraceFile.Read("no-such.csv"));

        Assert.Equal("no-such.csv: trace: got nothing, want an existing trace file", exception.Message);
    }

    [Fact]
    public void Write_ReadsBackTheSame()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("t.csv");
        Gen<TraceRequest> anyRequest = Gen.Select(
            Gen.Int[0, 1_000_000_000],
            Gen.Int[1, 100_000],
            Gen.Int[1, 10_000],
            (micros, input, output) => new TraceRequest(micros / 1e6, input, output));

        anyRequest.Array[1, 50].Sample(
            requests =>
            {
                TraceRequest[] sorted = [.. requests.OrderBy(request => request.ArrivalSeconds)];
                double start = sorted[0].ArrivalSeconds;
                Trace trace = new(
                    [.. sorted.Select(request => request with { ArrivalSeconds = Math.Round(request.ArrivalSeconds - start, 6) })],
                    0,
                    TraceFormat.Azure);
                TraceFile.Write(path, trace);
                return TraceFile.Read(path).Requests.SequenceEqual(trace.Requests);
            },
            iter: 50,
            threads: 1);
    }

    private static Trace Read(string text, TraceSource? source = null) =>
        TraceFile.Read(new StringReader(text), "trace.csv", source ?? new TraceSource { File = "trace.csv" });

    private static string[] ProblemsOf(string text, TraceSource? source = null) =>
        [.. Assert.Throws<InvalidInputException>(() => Read(text, source)).Problems.Select(problem => problem.ToString())];
}
