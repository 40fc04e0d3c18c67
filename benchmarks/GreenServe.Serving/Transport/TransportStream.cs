using System.Buffers;

namespace GreenServe.Serving.Transport;

/// <summary>One connection. It knows when the bytes that were read last arrived.</summary>
internal abstract class TransportStream : Stream
{
    /// <summary>Size of the buffer of a reception (bytes): several events of the usual length.</summary>
    private protected const int ReceptionBytes = 4096;

    private static readonly AsyncLocal<ITransportUser?> CurrentUser = new();

    /// <summary>
    /// Time at which the newest bytes read so far arrived at this host, a timestamp of <see cref="TimeProvider.System"/>. It has no
    /// meaning before the first read.
    /// </summary>
    internal long LastReceiptTimestamp { get; private protected set; }

    /// <summary>Time at which connecting began, a timestamp of <see cref="TimeProvider.System"/>.</summary>
    internal long OpenedTimestamp { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Number of bytes read since the newest write began.</summary>
    internal long BytesSinceWrite { get; private protected set; }

    /// <summary>Whether an answer to a request has begun to arrive on this connection.</summary>
    internal bool HasAnswered { get; set; }

    /// <summary>Whether neither side has ended the connection, as far as this side knows.</summary>
    internal abstract bool IsOpen { get; }

    /// <summary>Whether the connection is open, and nothing has arrived that was not read.</summary>
    internal abstract bool IsQuiet { get; }

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Notes for whom the calling flow of control sends. The connection that then carries the bytes sets
    /// <see cref="ITransportUser.Connection"/>.
    /// </summary>
    internal static void Announce(ITransportUser user) => CurrentUser.Value = user;

    /// <summary>Hands over everything that arrives, until the receiver wants no more or the peer has ended.</summary>
    /// <param name="receiver">Takes the bytes. What it throws ends the reception and is thrown here.</param>
    /// <param name="cancellationToken">Gives it up. Where a connection does not watch it, <see cref="Abort"/> gives it up too.</param>
    /// <returns>Whether the receiver has all it wanted; otherwise the peer ended first.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    internal virtual async Task<bool> ReceiveAsync(IReceiver receiver, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReceptionBytes);
        try
        {
            int count;
            while ((count = await ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (!receiver.Take(buffer.AsSpan(0, count)))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends the connection at once. Any thread may call it. Reads and writes in progress fail.</summary>
    internal abstract void Abort();

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc />
    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Begins a write: sets this connection at the user for whom the calling flow of control sends.</summary>
    private protected void BeginWrite()
    {
        BytesSinceWrite = 0;
        if (CurrentUser.Value is { } user)
        {
            user.Connection = this;
        }
    }
}

/// <summary>A user of connections who wants to know which of them carries its bytes.</summary>
internal interface ITransportUser
{
    /// <summary>The connection; <c>null</c> before sending, and where several users share a connection (HTTP/2).</summary>
    TransportStream? Connection { get; set; }
}
