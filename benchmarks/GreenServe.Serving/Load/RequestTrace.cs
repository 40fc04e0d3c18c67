using System.Buffers;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.Transport;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>The events of one request as the client sees them, from its issue to its end.</summary>
/// <remarks>
/// All times are timestamps of the run's <see cref="TimeProvider"/>. One flow of control writes at a time. A backend calls
/// <see cref="Issue"/> first, <see cref="AddChunk"/> for each chunk with tokens, and ends the trace with <see cref="Complete"/> or
/// <see cref="Fail"/>.
/// </remarks>
public sealed class RequestTrace : ITransportUser
{
    /// <summary>Chunks for which room is reserved at first: an output may end long before the length that was asked for.</summary>
    private const int MaxReservedChunks = 256;

    /// <summary>Longest room that is kept for further requests, in chunks: a million, as in the runtime's own pool.</summary>
    private const int MaxPooledChunks = 1 << 20;

    /// <summary>Rooms of one length that are kept: enough for a thousand requests in flight, and 4 MB of the usual length.</summary>
    private const int MaxPooledRooms = 1024;

    /// <summary>
    /// Stands for a moment that has not come. A timestamp is written at once, so that another thread never reads half of it.
    /// </summary>
    private const long NotYet = long.MinValue;
    /// <summary>
    /// Room for chunks, which requests in flight share with those to come. The runtime's own pool keeps 32 arrays a core, fewer than there
    /// are requests in flight.
    /// </summary>
    private static readonly ArrayPool<ChunkReceipt> Pool = ArrayPool<ChunkReceipt>.Create(MaxPooledChunks, MaxPooledRooms);
    private readonly TimeProvider provider;
    private ChunkReceipt[] chunks;
    private int chunkCount;
    private TransportStream? connection;
    private long lastActivity;
    private long handedOver = NotYet;
    private long issued = NotYet;
    private object? cancelReason;

    /// <summary>Begins the trace of a request.</summary>
    /// <param name="request">The request of the schedule.</param>
    /// <param name="scheduledTimestamp">When the request was to be sent.</param>
    /// <param name="provider">The clock of the run.</param>
    public RequestTrace(ScheduledRequest request, long scheduledTimestamp, TimeProvider provider)
    {
        Request = request;
        ScheduledTimestamp = scheduledTimestamp;
        this.provider = provider;
        chunks = Pool.Rent(Math.Clamp(request.OutputTokens, 1, MaxReservedChunks));
    }

    /// <summary>The request of the schedule.</summary>
    public ScheduledRequest Request { get; }

    /// <summary>Timestamp at which the request was to be sent.</summary>
    public long ScheduledTimestamp { get; }

    /// <summary>
    /// How long the request waited for a free place under <see cref="LoadOptions.MaxInFlight"/>, in ticks of the clock; <c>null</c>
    /// without such a maximum.
    /// </summary>
    public long? ClientQueueTicks { get; set; }

    /// <summary>
    /// Timestamp at which the bytes of the request went. For a request that never got a connection it is the time at which it asked for
    /// one. It is <c>null</c> for a request that has not been sent.
    /// </summary>
    public long? IssuedTimestamp => Volatile.Read(ref issued) is not NotYet and var timestamp ? timestamp : null;

    /// <summary>Timestamp of the first chunk with tokens; <c>null</c> as long as there is none.</summary>
    public long? FirstTokenTimestamp => ChunkCount > 0 ? chunks[0].Timestamp : null;

    /// <summary>Timestamp of the last token so far; <c>null</c> as long as there is none.</summary>
    public long? LastTokenTimestamp => ChunkCount > 0 ? chunks[ChunkCount - 1].Timestamp : null;

    /// <summary>Timestamp at which the request ended; <c>null</c> while it is in flight.</summary>
    public long? CompletedTimestamp { get; private set; }

    /// <summary>Prompt tokens by the server's count; <c>null</c> where the server did not count them.</summary>
    public int? InputTokens { get; set; }

    /// <summary>
    /// Output tokens delivered; <c>null</c> where their number is unknown. A request that was cut short has the tokens that the client
    /// received and counted until then.
    /// </summary>
    public int? OutputTokens { get; set; }

    /// <summary>Whether the number of tokens is known for each chunk. Only then are the gaps between tokens known.</summary>
    public bool AreTokenTimesKnown { get; set; } = true;

    /// <summary>Whether the first chunk certainly held the first token. Only then is TTFT known.</summary>
    public bool IsFirstTokenKnown { get; set; } = true;

    /// <summary>
    /// Whether events with text stand for tokens, since the server does not count its tokens. <see cref="OutputTokens"/> is then unknown.
    /// </summary>
    public bool IsCountedByEvents { get; set; }

    /// <summary>How the request ended. It has a meaning only when <see cref="CompletedTimestamp"/> is not <c>null</c>.</summary>
    public RequestStatus Status { get; private set; }

    /// <summary>Description of the failure, in one line; <c>null</c> for a request that has completed or is in flight.</summary>
    public string? Error { get; private set; }

    /// <summary>The server's own name for the request; <c>null</c> where the server gave none.</summary>
    public string? ServerId { get; set; }

    /// <summary>Number of chunks with tokens received so far.</summary>
    public int ChunkCount => Volatile.Read(ref chunkCount);

    /// <summary>
    /// Time that the request waited for a connection before its bytes went, in ticks of the clock. For a request that was sent afresh the
    /// lost attempt is in it.
    /// </summary>
    internal long ConnectionWaitTicks => issued - handedOver;

    /// <summary>
    /// Whether the request was sent a second time, because the server had closed the connection that the first attempt used.
    /// </summary>
    internal bool WasSentAfresh { get; private set; }

    /// <summary>Timestamp at which the request was issued or bytes of its response were last received.</summary>
    internal long LastActivityTimestamp => Volatile.Read(ref lastActivity);

    /// <summary>Why the suite gave the request up; <c>null</c> for a request that it has not given up.</summary>
    internal CancelReason? CancelReason => (CancelReason?)Volatile.Read(ref cancelReason);

    /// <summary>Number of tokens in the chunks received so far, as the client counted them.</summary>
    internal int TokensReceived { get; private set; }

    /// <summary>The chunks with tokens received so far, in order.</summary>
    internal ReadOnlySpan<ChunkReceipt> Chunks => chunks.AsSpan(0, ChunkCount);

    /// <summary>Number of chunks that <see cref="LoadWatch"/> has counted. Nothing else uses it.</summary>
    internal int WatchedChunks { get; set; }

    TransportStream? ITransportUser.Connection
    {
        get => connection;
        set => connection = value;
    }

    /// <summary>
    /// Notes that sending begins now. A backend calls it before it waits for a connection, and again when the bytes go: the last call
    /// counts.
    /// </summary>
    public void Issue()
    {
        long now = provider.GetTimestamp();
        handedOver = handedOver == NotYet ? now : handedOver;
        Volatile.Write(ref lastActivity, now);
        Volatile.Write(ref issued, now);
    }

    /// <summary>Notes that the request is sent a second time.</summary>
    internal void SendAfresh() => WasSentAfresh = true;

    /// <summary>
    /// Gives the arrival time of the bytes that were read last: the kernel's time stamp where the transport has one, else now.
    /// </summary>
    public long ReceiptTimestamp()
    {
        long receipt = connection?.LastReceiptTimestamp ?? provider.GetTimestamp();
        Volatile.Write(ref lastActivity, receipt);
        return receipt;
    }

    /// <summary>Adds a chunk with tokens.</summary>
    /// <param name="receiptTimestamp">When the chunk arrived; see <see cref="ReceiptTimestamp"/>.</param>
    /// <param name="tokens">Number of tokens in it, at least 1.</param>
    public void AddChunk(long receiptTimestamp, int tokens)
    {
        if (ChunkCount == chunks.Length)
        {
            ChunkReceipt[] larger = Pool.Rent(chunks.Length * 2);
            ChunkReceipt[] full = chunks;
            full.CopyTo(larger, 0);

            // Whoever copies from the full room at this moment must see that it is given up before another request writes into it.
            Volatile.Write(ref chunks, larger);
            Pool.Return(full);
        }

        chunks[chunkCount] = new ChunkReceipt(receiptTimestamp, tokens);
        Volatile.Write(ref chunkCount, chunkCount + 1);
        TokensReceived += tokens;
    }

    /// <summary>
    /// Copies chunks while another thread may add further ones. The caller must be the thread that calls <see cref="Release"/>.
    /// </summary>
    /// <param name="from">Number of the first chunk to copy, from 0.</param>
    /// <param name="into">Receives as many chunks as there are and as fit.</param>
    /// <returns>
    /// Number of chunks copied. It is 0 where the chunks moved to a larger room meanwhile: what was read may then be another request's.
    /// </returns>
    internal int CopyChunks(int from, Span<ChunkReceipt> into)
    {
        // The number first: the room that is read afterwards then holds at least so many chunks.
        int count = Math.Min(Volatile.Read(ref chunkCount) - from, into.Length);
        if (count <= 0)
        {
            return 0;
        }

        ChunkReceipt[] room = Volatile.Read(ref chunks);
        room.AsSpan(from, count).CopyTo(into);
        Volatile.ReadBarrier();
        return ReferenceEquals(room, Volatile.Read(ref chunks)) ? count : 0;
    }

    /// <summary>Ends the trace of a request whose response arrived whole.</summary>
    /// <param name="timestamp">When the end of the response arrived.</param>
    public void Complete(long timestamp) => End(timestamp, RequestStatus.Completed, null);

    /// <summary>Ends the trace of a request that failed.</summary>
    /// <param name="status">The category of the failure.</param>
    /// <param name="error">What happened, in one line without any secret.</param>
    public void Fail(RequestStatus status, string error)
    {
        // An answer of a wrong length has come to its end, and only the server knows its count then.
        OutputTokens ??= status == RequestStatus.WrongLength ? null : TokensReceived;
        End(provider.GetTimestamp(), status, error);
    }

    /// <summary>Adds the time of each token to a record, all at once.</summary>
    internal void AddTokenTimesTo(RunRecordWriter record, RunClock clock)
    {
        TokenTime[] times = ArrayPool<TokenTime>.Shared.Rent(TokensReceived);
        int index = 0;
        foreach (ChunkReceipt chunk in Chunks)
        {
            double seconds = clock.SecondsAt(chunk.Timestamp);
            for (int token = 0; token < chunk.Tokens; token++, index++)
            {
                times[index] = new TokenTime(Request.Id, index, seconds);
            }
        }

        record.Add(times.AsSpan(0, index));
        ArrayPool<TokenTime>.Shared.Return(times);
    }

    /// <summary>Returns the room for chunks to the pool, for the next requests. Call it when nobody needs the chunks any more.</summary>
    internal void Release()
    {
        ChunkReceipt[] released = chunks;
        chunks = [];
        chunkCount = 0;
        if (released.Length > 0)
        {
            Pool.Return(released);
        }
    }

    /// <summary>Notes why the suite gives the request up. The first reason stays.</summary>
    internal void NoteCancel(CancelReason reason) => Interlocked.CompareExchange(ref cancelReason, reason, null);

    private void End(long timestamp, RequestStatus status, string? error)
    {
        CompletedTimestamp = timestamp;
        Status = status;
        Error = error;
        connection = null;
    }
}

/// <summary>One chunk of an output as received.</summary>
/// <param name="Timestamp">When the chunk arrived; a timestamp of the run's clock.</param>
/// <param name="Tokens">Number of tokens in the chunk, at least 1.</param>
internal readonly record struct ChunkReceipt(long Timestamp, int Tokens);

/// <summary>Why the suite gave a request up.</summary>
internal enum CancelReason
{
    /// <summary>No token came within <see cref="LoadOptions.FirstTokenSeconds"/>.</summary>
    NoFirstToken,

    /// <summary>The response stood still for longer than <see cref="LoadOptions.StallSeconds"/>.</summary>
    Stalled,

    /// <summary>The request took longer than <see cref="LoadOptions.RequestSeconds"/>.</summary>
    TooLong,

    /// <summary>The request was still in flight when the run ended.</summary>
    RunEnded,

    /// <summary>The user stopped the run.</summary>
    Interrupted,
}
