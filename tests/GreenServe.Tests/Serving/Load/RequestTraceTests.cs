using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving.Load;

/// <summary>Traces that one thread writes while another one copies from them.</summary>
public sealed class RequestTraceTests
{
    /// <summary>Chunks of a room that takes long enough to copy: the rooms of the pool double from 16.</summary>
    private const int FullRoom = 1 << 16;
    private const int Rounds = 60;

    [Fact]
    public void CopyChunks_CopiesWhatHasCome_AndNothingTwice()
    {
        RequestTrace trace = TraceOf(id: 7);
        ChunkReceipt[] copied = new ChunkReceipt[4];
        foreach (int chunk in Enumerable.Range(0, 5))
        {
            trace.AddChunk(chunk, tokens: 1);
        }

        Assert.Equal(4, trace.CopyChunks(0, copied));
        Assert.Equal([0, 1, 2, 3], copied.Select(chunk => chunk.Timestamp));
        Assert.Equal(1, trace.CopyChunks(4, copied));
        Assert.Equal(4, copied[0].Timestamp);
        Assert.Equal(0, trace.CopyChunks(5, copied));
    }

    [Fact]
    public void CopyChunks_CopiesNothing_WhenTheTraceWasReleased()
    {
        RequestTrace trace = TraceOf(id: 7);
        trace.AddChunk(1, tokens: 1);
        trace.Release();

        Assert.Equal(0, trace.CopyChunks(0, new ChunkReceipt[4]));
    }

    [Fact]
    public async Task CopyChunks_NeverCopiesAnotherRequestsChunk_WhileRoomsGrowAndChangeHands()
    {
        // In each round the first trace gives up its full room, and the second one grows into it while the first is copied.
        RequestTrace? watched = null;
        Task writer = Task.Run(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                (RequestTrace first, RequestTrace second) = (TraceOf(2 * round), TraceOf((2 * round) + 1));
                Fill(first, 0, FullRoom);
                Fill(second, 0, FullRoom / 2);
                Volatile.Write(ref watched, first);
                Fill(first, FullRoom, FullRoom + 1);
                Fill(second, FullRoom / 2, (FullRoom / 2) + 1);
            }
        });
        ChunkReceipt[] copied = new ChunkReceipt[FullRoom + 1];

        while (!writer.IsCompleted)
        {
            _ = Volatile.Read(ref watched) is { } trace ? CopyAndCheck(trace, copied) : 0;
        }

        await writer;
        Assert.Equal(FullRoom + 1, CopyAndCheck(watched!, copied));
    }

    private static void Fill(RequestTrace trace, int from, int to)
    {
        for (int chunk = from; chunk < to; chunk++)
        {
            // The time names the trace and the tokens name the chunk, so that a foreign or torn chunk shows.
            trace.AddChunk(trace.Request.Id, chunk + 1);
        }
    }

    /// <summary>Copies all chunks that have come, and checks each of them.</summary>
    private static int CopyAndCheck(RequestTrace trace, ChunkReceipt[] copied)
    {
        int count = trace.CopyChunks(0, copied);
        for (int index = 0; index < count; index++)
        {
            if (copied[index] != new ChunkReceipt(trace.Request.Id, index + 1))
            {
                Assert.Fail($"Chunk {index} of request {trace.Request.Id} was copied as {copied[index]}.");
            }
        }

        return count;
    }

    private static RequestTrace TraceOf(long id) => new(new ScheduledRequest(id, 0, default, 1, 1), 0, TimeProvider.System);
}
