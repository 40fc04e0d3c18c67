using System.Buffers;
using GreenServe.Records.Requests;
using GreenServe.Serving.Transport;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>What is seen of one request while it runs. Written by one flow of control at a time; times are the clock's timestamps.</summary>
public sealed class RequestTrace : ITransportUser
{
    // An answer may end long before the length asked for.
    private const int MaxReserved = 256;
    private readonly TimeProvider provider;
    private ChunkReceipt[] chunks;
    private TransportStream? connection;
    private long lastActivity;
    private int cancelReason;

    /// <summary>Begins the trace of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scheduledTimestamp">When it was to be sent.</param>
    /// <param name="provider">The clock of the run.</param>
    public RequestTrace(ScheduledRequest request, long scheduledTimestamp, TimeProvider provider)
    {
        Request = request;
        ScheduledTimestamp = scheduledTimestamp;
        this.provider = provider;
        chunks = ArrayPool<ChunkReceipt>.Shared.Rent(Math.Clamp(request.OutputTokens, 1, MaxReserved));
    }

    /// <summary>The request.</summary>
    public ScheduledRequest Request { get; }

    /// <summary>When it was to be sent.</summary>
    public long ScheduledTimestamp { get; }

    /// <summary>How long it waited for a free place under the concurrency cap; <c>null</c> without a cap.</summary>
    public long? ClientQueueTicks { get; set; }

    /// <summary>When sending it began; <c>null</c> before.</summary>
    public long? IssuedTimestamp { get; private set; }

    /// <summary>When its first token was received; <c>null</c> before.</summary>
    public long? FirstTokenTimestamp => ChunkCount > 0 ? chunks[0].Timestamp : null;

    /// <summary>When it ended; <c>null</c> before.</summary>
    public long? CompletedTimestamp { get; private set; }

    /// <summary>Prompt tokens by the server's count; <c>null</c> if it did not say.</summary>
    public int? InputTokens { get; set; }

    /// <summary>Output tokens delivered; <c>null</c> if nobody counted them.</summary>
    public int? OutputTokens { get; set; }

    /// <summary>Whether each chunk's number of tokens is known, so that gaps between tokens are.</summary>
    public bool AreTokenTimesKnown { get; set; } = true;

    /// <summary>How it ended; meaningful once <see cref="CompletedTimestamp"/> is there.</summary>
    public RequestStatus Status { get; private set; }

    /// <summary>Category and message of a failure; <c>null</c> for a completed request.</summary>
    public string? Error { get; private set; }

    /// <summary>The server's name for it; <c>null</c> if not known.</summary>
    public string? ServerId { get; set; }

    /// <summary>Chunks with tokens received.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>When something last happened: it was issued or bytes came.</summary>
    internal long LastActivityTimestamp => Volatile.Read(ref lastActivity);

    /// <summary>Why the suite cancelled it; <see cref="CancelReason.None"/> while it has not.</summary>
    internal CancelReason CancelReason => (CancelReason)Volatile.Read(ref cancelReason);

    /// <summary>The chunks with tokens received so far, in order.</summary>
    internal ReadOnlySpan<ChunkReceipt> Chunks => chunks.AsSpan(0, ChunkCount);

    TransportStream? ITransportUser.Connection
    {
        get => connection;
        set => connection = value;
    }

    /// <summary>Marks the beginning of sending: now.</summary>
    public void Issue()
    {
        IssuedTimestamp = provider.GetTimestamp();
        Volatile.Write(ref lastActivity, IssuedTimestamp.Value);
    }

    /// <summary>When the bytes now being looked at arrived: as exactly as the transport knows.</summary>
    public long ReceiptTimestamp()
    {
        long receipt = connection?.LastReceiptTimestamp ?? provider.GetTimestamp();
        Volatile.Write(ref lastActivity, receipt);
        return receipt;
    }

    /// <summary>Adds a chunk with tokens.</summary>
    public void AddChunk(long receiptTimestamp, int tokens)
    {
        if (ChunkCount == chunks.Length)
        {
            ChunkReceipt[] larger = ArrayPool<ChunkReceipt>.Shared.Rent(chunks.Length * 2);
            chunks.CopyTo(larger, 0);
            ArrayPool<ChunkReceipt>.Shared.Return(chunks);
            chunks = larger;
        }

        chunks[ChunkCount++] = new ChunkReceipt(receiptTimestamp, tokens);
    }

    /// <summary>Ends the trace of a request that came back whole.</summary>
    /// <param name="timestamp">When its end was received.</param>
    public void Complete(long timestamp) => End(timestamp, RequestStatus.Completed, null);

    /// <summary>Ends the trace of a request that failed.</summary>
    /// <param name="status">Its category.</param>
    /// <param name="error">What happened, with nothing secret in it.</param>
    public void Fail(RequestStatus status, string error) => End(provider.GetTimestamp(), status, error);

    /// <summary>Gives the room for chunks back, once all has been taken from them: the next request's tokens go there.</summary>
    internal void Release()
    {
        ChunkReceipt[] released = chunks;
        chunks = [];
        ChunkCount = 0;
        if (released.Length > 0)
        {
            ArrayPool<ChunkReceipt>.Shared.Return(released);
        }
    }

    /// <summary>Notes why the suite cancels it; the first reason stays.</summary>
    internal void NoteCancel(CancelReason reason) =>
        Interlocked.CompareExchange(ref cancelReason, (int)reason, (int)CancelReason.None);

    private void End(long timestamp, RequestStatus status, string? error)
    {
        CompletedTimestamp = timestamp;
        Status = status;
        Error = error;
        connection = null;
    }
}
