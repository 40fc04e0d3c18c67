using System.Runtime.CompilerServices;
using GreenServe.Records.Requests;

namespace GreenServe.Serving.Streams;

/// <summary>A response body in which no single event may grow without limit.</summary>
/// <param name="body">The response body.</param>
/// <param name="reading">Counts the events that have been read.</param>
internal sealed class BoundedStream(Stream body, OutputReading reading) : Stream
{
    /// <summary>Longest event (bytes): 1 MB, thousands of times the length of a token's event.</summary>
    internal const int MaxEventBytes = 1024 * 1024;

    private int eventsBefore;
    private long bytesSince;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    /// <remarks>It runs once for nearly every token, so its state machines come from a pool.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (reading.Events != eventsBefore)
        {
            eventsBefore = reading.Events;
            bytesSince = 0;
        }

        int count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        bytesSince += count;
        return bytesSince <= MaxEventBytes
            ? count
            : throw new StreamFaultException(RequestStatus.Malformed, $"an event of more than {MaxEventBytes} bytes");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
