using System.Text;
using GreenServe.Records.Requests;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.Streams;
using GreenServe.Tests.Serving.Streams;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Dialects;

/// <summary>The wire format of every server is read whole, wherever the network cuts it into pieces.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<int, int, string> Cuts
    {
        get
        {
            TheoryData<int, int, string> cuts = [];
            for (int index = 0; index < Transcripts.All.Length; index++)
            {
                foreach (int bytes in (int[])[1, 7, 100_000])
                {
                    cuts.Add(index, bytes, "\n");
                    cuts.Add(index, bytes, "\r\n");
                    cuts.Add(index, bytes, "\r");
                }
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Read_FindsEveryToken_HoweverTheBytesAreCut(int index, int bytes, string lineEnd)
    {
        Transcript transcript = Transcripts.All[index];
        string body = transcript.Body.ReplaceLineEndings(lineEnd);

        RequestTrace trace = await ReadAsync(transcript, body, bytes);

        Assert.Equal((RequestStatus.Completed, null), (trace.Status, trace.Error));
        Assert.Equal(transcript.ChunkTokens, trace.Chunks.ToArray().Select(chunk => chunk.Tokens));
        Assert.Equal(transcript.InputTokens, trace.InputTokens);
        Assert.Equal(transcript.AreTokenTimesKnown, trace.AreTokenTimesKnown);
        Assert.Equal(Delivered(transcript), trace.OutputTokens);
    }

    [Fact]
    public void Transcripts_CoverEveryDialect() =>
        Assert.Equal(Enum.GetValues<DialectName>().Order(), Transcripts.All.Select(transcript => transcript.Dialect).Distinct().Order());

    [Fact]
    public async Task Read_LosesTheTokenTimes_WhenTheServersTotalContradictsOneTokenAnEvent()
    {
        Transcript transcript = Transcripts.All.Single(item => !item.AreTokenTimesKnown);

        RequestTrace trace = await ReadAsync(transcript, transcript.Body.ReplaceLineEndings("\n"), 50);

        // Two events with text and four tokens: the total is the server's, and nobody knows the gaps.
        Assert.Equal(4, trace.OutputTokens);
        Assert.False(trace.AreTokenTimesKnown);
    }

    [Theory]
    [InlineData("TGI chat with keep-alive comments")]
    [InlineData("Ollama api/generate")]
    public async Task Read_FindsTheErrorInsideTheStream(string name)
    {
        Transcript transcript = Transcripts.All.Single(item => item.Name == name);
        string error = transcript.Dialect == DialectName.OllamaNative
            ? """{"error":"model runner has unexpectedly stopped"}"""
            : """data: {"error":"Request failed during generation","error_type":"generation"}""" + "\n";
        string[] lines = transcript.Body.ReplaceLineEndings("\n").Split('\n');

        RequestTrace trace = await ReadAsync(transcript, string.Join('\n', [.. lines[..2], error, .. lines[2..]]), 64);

        Assert.Equal(RequestStatus.ServerError, trace.Status);
    }

    private static int Delivered(Transcript transcript) => transcript.AreTokenTimesKnown ? transcript.ChunkTokens.Sum() : 4;

    private static async Task<RequestTrace> ReadAsync(Transcript transcript, string body, int bytes)
    {
        Dialect dialect = DialectCatalog.Find(transcript.Dialect);
        ScheduledRequest request = new(0, 0, default, transcript.InputTokens, Delivered(transcript));
        RequestTrace trace = new(request, 0, TimeProvider.System);
        StreamRules rules = new(dialect.EndsWithDone, HasFixedOutput: true, HasExactInput: true);
        OutputReading reading = new(trace, dialect.Chunks, rules);
        await using CutStream stream = new(Encoding.UTF8.GetBytes(body), bytes);
        try
        {
            using ResponseLines lines = dialect.LinesOf(reading);
            await lines.ReadAsync(stream, CancellationToken.None);
            if (reading.Finish() is { } fault)
            {
                trace.Fail(fault.Status, fault.Message);
            }
        }
        catch (StreamFaultException fault)
        {
            trace.Fail(fault.Status, fault.Message);
        }

        return trace;
    }
}
